import { join } from 'node:path';
import { createLogger } from '../../diagnostics/logger.ts';
import { appVersion } from '../app-version.ts';
import { prepareDataFolder } from '../data-folder.ts';
import { lockDataFolder } from '../data-folder-lock.ts';
import { FileSecretStore } from '../file-secret-store.ts';
import { SecretFiles } from '../secret-files.ts';
import { settingsFile } from '../settings-file.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { type CommunityNode, createNode } from './create-node.ts';
import { defaultNodeFolder } from './node-files.ts';
import type { NodeOptions } from './node-options.ts';

/**
 * Runs a community's node until a signal stops it. Rejects with a `LaunchProblem` or the error
 * behind one when it can't start.
 */
export async function runNode(options: NodeOptions, uiDir: string): Promise<void> {
  const dataDir = options.dataDir ?? defaultNodeFolder();
  await prepareDataFolder(dataDir);
  const lock = await lockDataFolder(dataDir);
  const logger = createLogger({
    dir: join(dataDir, 'logs'),
    level: 'info',
    terminal: process.stderr,
  });
  const secretFiles = new SecretFiles(join(dataDir, 'secrets'), (text) => logger.warn(text));
  const { listen, port, publicOrigin, tls, name, open } = options;
  // One port is the one people use; the other door takes any.
  const onNetwork = listen === 'network';
  const node = await createNode({
    dataDir,
    name,
    port: onNetwork ? 0 : port,
    network: {
      ...{ listen, publicOrigin, tls },
      networkPort: onNetwork && port !== 0 ? port : undefined,
    },
    turn: options,
    open,
    relay: options.relay,
    cluster: options.cluster,
    replicaBytes: options.replicaBytes,
    uiDir,
    secrets: new FileSecretStore(secretFiles),
    settings: settingsFile(dataDir),
    logger,
  });
  lock.announce(node.origin, node.ownFingerprint);
  stopOnSignals(
    async () => {
      await node.shutdown();
      lock.release();
    },
    logger,
    process.exit,
    'Stopping; rooms are kept for the next start.',
  );
  process.stdout.write(readyText(node, { ...options, dataDir }));
}

function readyText(node: CommunityNode, options: NodeOptions & { dataDir: string }): string {
  const { origin, loopbackOrigin, fingerprint } = node;
  const { name, dataDir } = options;
  if (options.json) {
    const ready = { address: origin, loopbackAddress: loopbackOrigin, fingerprint, name };
    return `${JSON.stringify({ ...ready, dataFolder: dataDir, version: appVersion })}\n`;
  }
  return [
    `The node “${name}” (Swarm Studio ${appVersion}) is ready.`,
    `  People       ${origin}`,
    `  This machine ${loopbackOrigin}`,
    ...(fingerprint ? [`  Certificate  SHA-256 ${fingerprint}`] : []),
    `  Data         ${dataDir}`,
    ...(options.replicaBytes > 0
      ? [`  Copies       up to ${options.replicaBytes / 1e9} GB of members’ recordings`]
      : []),
    options.open
      ? '  Every member may create rooms (--open).'
      : '  Enrolled members may create rooms; "npm run node -- invite" makes invitations.',
    '',
  ].join('\n');
}
