import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, type Page, test } from '@playwright/test';
import { introduce, type StudioApp, startApp } from './studio-app.ts';

const ROOM = 'room_abcdefghij12';

test.describe('the life of the desktop app', () => {
  let studio: StudioApp;

  test.afterEach(async () => {
    await studio.end();
  });

  test('a link that opens the app leads to its room', async () => {
    studio = await startApp([`swarmstudio://join/${ROOM}`]);
    await expect(studio.window).toHaveURL(new RegExp(`/join/${ROOM}`));
  });

  test('a link that is not one of ours leads nowhere', async () => {
    studio = await startApp(['swarmstudio://join/elsewhere']);
    await introduce(studio.window);
    expect(studio.window.url()).not.toContain('elsewhere');
  });

  test('a second start hands its link to the first, and ends', async () => {
    studio = await startApp();
    await introduce(studio.window);
    const [code, stdout] = await startAgain(studio, [`swarmstudio://join/${ROOM}`]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'data-folder-in-use' } });
    await expect(studio.window).toHaveURL(new RegExp(`/join/${ROOM}`));
    expect(studio.app.windows()).toHaveLength(1);
  });

  test('quitting while live asks first, and stays when told to', async () => {
    studio = await startApp();
    await say(studio.window, { inRoom: true, recording: true });
    await answerQuestions(studio, 0);
    await studio.app.evaluate(({ app }) => app.quit());
    await expect.poll(() => questions(studio)).toEqual(['You are recording. Leave now?']);
    await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(() => questions(studio)).toHaveLength(2);
    expect(studio.app.windows()).toHaveLength(1);

    await answerQuestions(studio, 1);
    const exited = once(studio.app.process(), 'exit');
    await studio.app.evaluate(({ app }) => app.quit());
    expect((await exited)[0]).toBe(0);
  });

  test('quitting while nothing goes on asks nothing', async () => {
    studio = await startApp();
    const exited = once(studio.app.process(), 'exit');
    await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect((await exited)[0]).toBe(0);
  });

  test('SIGTERM stops it in order', async () => {
    studio = await startApp();
    const exited = once(studio.app.process(), 'exit');
    studio.app.process().kill('SIGTERM');
    expect((await exited)[0]).toBe(0);
  });
});

async function startAgain(
  { app, dataDir }: StudioApp,
  args: readonly string[],
): Promise<[number | null, string]> {
  const child = spawn(
    app.process().spawnfile,
    ['--no-sandbox', 'out/main/electron.js', '--data', dataDir, '--json', ...args],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const [code] = await once(child, 'close');
  return [code, stdout];
}

/** Tells main over the bridge what the window is in the middle of. */
async function say(page: Page, activity: { inRoom: boolean; recording: boolean }): Promise<void> {
  await page.evaluate(
    (now) =>
      new Promise((resolve) => {
        window.addEventListener('message', ({ data, ports: [port] }) => {
          if (data !== 'swarm:bridge-port' || !port) return;
          port.onmessage = resolve;
          port.postMessage({ t: 'q', i: '1', m: 'studio.setActivity', a: [now] });
          Reflect.set(window, 'keptPort', port);
        });
        Reflect.get(window, 'swarmBridge').connect();
      }),
    activity,
  );
}

/** Nobody can press a button of the system's dialogs here: answers them, keeping what they asked. */
async function answerQuestions({ app }: StudioApp, response: number): Promise<void> {
  await app.evaluate(({ dialog }, answer) => {
    const asked: string[] = [];
    Reflect.set(globalThis, 'asked', asked);
    dialog.showMessageBox = async (...args: unknown[]) => {
      asked.push(Reflect.get(Object(args.at(-1)), 'message'));
      return { response: answer, checkboxChecked: false };
    };
  }, response);
}

function questions({ app }: StudioApp): Promise<string[]> {
  return app.evaluate(() => Reflect.get(globalThis, 'asked'));
}
