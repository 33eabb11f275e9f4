import { expect, test } from '@playwright/test';
import { introduce, type StudioApp, startApp } from './studio-app.ts';

test.describe('the desktop app', () => {
  let studio: StudioApp;

  test.beforeAll(async () => {
    studio = await startApp();
  });
  test.afterAll(async () => {
    await studio.end();
  });

  test('opens one window, on its own page', async () => {
    expect(studio.app.windows()).toHaveLength(1);
    await expect(studio.window).toHaveTitle(/Swarm Studio/);
    expect(new URL(studio.window.url()).protocol).toBe('studio:');
    await introduce(studio.window);
    await studio.window.screenshot({ path: 'test-results/electron/window.png' });
  });

  test('gives the page nothing of Node or Electron but the bridge', async () => {
    const found = await studio.window.evaluate(() => ({
      require: typeof Reflect.get(window, 'require'),
      process: typeof Reflect.get(window, 'process'),
      electron: typeof Reflect.get(window, 'electron'),
      bridge: Object.keys(Reflect.get(window, 'swarmBridge')),
    }));
    expect(found).toEqual({
      require: 'undefined',
      process: 'undefined',
      electron: 'undefined',
      bridge: ['connect'],
    });
  });

  test('runs its page isolated and sandboxed', async () => {
    const preferences = await studio.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      // Left out of Electron's types, and the one place that tells.
      const told = contents && Reflect.get(contents, 'getLastWebPreferences').call(contents);
      return { ...told, backgroundThrottling: contents?.getBackgroundThrottling() };
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      backgroundThrottling: false,
    });
  });

  test('keeps foreign scripts and addresses out of its page', async () => {
    const policy = await studio.window.evaluate(async () => {
      const page = await fetch('/');
      return page.headers.get('content-security-policy');
    });
    expect(policy).toContain("script-src 'self'");
    const outcome = await studio.window.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      const reached = await fetch('https://example.org/').then(
        () => 'reached',
        () => 'refused',
      );
      return { injected: Reflect.get(window, 'injected'), reached };
    });
    expect(outcome).toEqual({ injected: undefined, reached: 'refused' });
  });

  test('answers over the bridge what the studio is', async () => {
    const info = await studio.window.evaluate(
      () =>
        new Promise((resolve) => {
          window.addEventListener('message', ({ data, ports: [port] }) => {
            if (data !== 'swarm:bridge-port' || !port) return;
            port.onmessage = (event) => resolve(event.data.r);
            port.postMessage({ t: 'q', i: '1', m: 'studio.info', a: [] });
          });
          Reflect.get(window, 'swarmBridge').connect();
        }),
    );
    expect(info).toMatchObject({ host: 'electron', dataDir: studio.dataDir, secretStore: 'file' });
  });

  test('takes a slice over the bridge as bytes and refuses an empty one', async () => {
    const codes = await studio.window.evaluate(
      () =>
        new Promise((resolve) => {
          const answers: string[] = [];
          const slice = { recordingId: 'rec_abcdefghij12', seq: 0 };
          window.addEventListener('message', ({ data, ports: [port] }) => {
            if (data !== 'swarm:bridge-port' || !port) return;
            port.onmessage = (event) => {
              answers.push(event.data.e.code);
              if (answers.length === 2) resolve(answers);
            };
            const append = (bytes: Uint8Array) =>
              port.postMessage({
                t: 'q',
                i: String(bytes.length),
                m: 'recording.append',
                a: [{ ...slice, bytes }],
              });
            append(new Uint8Array(512 * 1024));
            append(new Uint8Array(0));
          });
          Reflect.get(window, 'swarmBridge').connect();
        }),
    );
    // The first one is whole and well-formed; only its recording does not exist.
    expect(codes).toHaveLength(2);
    expect(codes).toEqual(expect.arrayContaining(['recording-not-found', 'validation-failed']));
  });

  test('does not leave its page, nor open another window', async () => {
    const address = studio.window.url();
    await studio.window.evaluate(() => {
      location.href = 'https://example.org/';
    });
    const opened = await studio.window.evaluate(() => window.open('http://example.org/'));
    expect(opened).toBeNull();
    expect(studio.app.windows()).toHaveLength(1);
    expect(studio.window.url()).toBe(address);
  });

  test('allows camera and microphone, and not where it is', async () => {
    const outcome = await studio.window.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
      const kinds = stream.getTracks().map((track) => track.kind);
      for (const track of stream.getTracks()) track.stop();
      const geolocation = await navigator.permissions.query({ name: 'geolocation' });
      return { kinds: kinds.toSorted(), geolocation: geolocation.state };
    });
    expect(outcome).toEqual({ kinds: ['audio', 'video'], geolocation: 'denied' });
  });
});
