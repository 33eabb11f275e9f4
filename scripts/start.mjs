import { join, relative, sep } from 'node:path';
import { createApt } from './setup/apt.mjs';
import { ensureBuild } from './setup/build.mjs';
import { hasDisplay } from './setup/choose-host.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { findElectron } from './setup/electron.mjs';
import { ensureFfmpeg } from './setup/ffmpeg.mjs';
import { parseStartFlags, START_HELP } from './setup/flags.mjs';
import { launch, ROOT } from './setup/launcher.mjs';
import { ensureNode24 } from './setup/node24.mjs';
import { ensureLeftOutPackages, ensurePackages } from './setup/packages.mjs';
import { settleHost } from './setup/settle-host.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { supervise } from './setup/supervise.mjs';
import { createTerminal } from './setup/terminal.mjs';

await launch(async () => {
  // npm moves to the project's folder; a relative --data means the one it was called in.
  const flags = parseStartFlags(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (flags.help) {
    process.stdout.write(`${START_HELP}\n`);
    return 0;
  }
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const { say } = terminal;
  await ensurePackages({ root: ROOT, terminal });
  const node = await ensureNode24({ root: ROOT });
  await ensureLeftOutPackages({ root: ROOT, node, terminal });
  say(`Node: ${shortened(node)}.`);
  const host = await settleHost({ root: ROOT, node, flags, terminal });
  const apt = createApt({ terminal });
  const ffmpeg = await ensureFfmpeg({ root: ROOT, node, withProbe: false, terminal, apt });
  say(
    'path' in ffmpeg ? `ffmpeg: ${shortened(ffmpeg.path)}.` : `Recording is off: ${ffmpeg.problem}`,
  );
  const env = { ...process.env };
  // Some editors' terminals set it, and Electron would be a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  if (host.use === 'browser' && flags.open && hasDisplay(process.platform, env)) {
    const chromium = await ensureChromium({ apt });
    if ('path' in chromium) env.SWARM_CHROMIUM = chromium.path;
    say('path' in chromium ? `Window: ${chromium.path}.` : `No window: ${chromium.problem}`);
  }
  await ensureBuild({ root: ROOT, node, terminal });

  const name = host.use === 'electron' ? 'Electron' : 'browser';
  say(`Host: ${name}, because ${host.why}.`);
  const { command, args } = hostCommand(host.use, node, terminal);
  return supervise(command, [...args, ...hostFlags(flags)], { cwd: ROOT, env });
});

/**
 * @param {import('./setup/choose-host.mjs').HostKind} host
 * @param {string} node
 * @param {import('./setup/terminal.mjs').Terminal} terminal
 */
function hostCommand(host, node, terminal) {
  if (host === 'browser') return { command: node, args: [join(ROOT, 'out/main/browser.js')] };
  const command = findElectron(ROOT);
  if (command === undefined) {
    throw new SetupError('electron-missing', "Electron's binary has gone. Start again.");
  }
  const args = [join(ROOT, 'out/main/electron.js')];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    terminal.say("Chromium's sandbox refuses to run as root: it is off (--no-sandbox).");
    args.unshift('--no-sandbox');
  }
  return { command, args };
}

/**
 * @param {string} path
 * @returns {string} relative to the project's folder where it lies in it
 */
function shortened(path) {
  return path.startsWith(join(ROOT, sep)) ? relative(ROOT, path) : path;
}

/**
 * @param {import('./setup/flags.mjs').StartFlags} flags
 * @returns {string[]}
 */
function hostFlags(flags) {
  const args = ['--port', String(flags.port)];
  if (flags.data !== undefined) args.push('--data', flags.data);
  for (const url of flags.turnUrls ?? []) args.push('--turn-url', url);
  if (flags.turnSecretFile !== undefined) args.push('--turn-secret-file', flags.turnSecretFile);
  args.push(...(flags.network ?? []));
  if (!flags.open) args.push('--no-open');
  if (flags.json) args.push('--json');
  return args;
}
