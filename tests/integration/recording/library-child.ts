import { join } from 'node:path';
import pino from 'pino';
import { RecordingService } from '../../../main/recording/recording-service.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { newSigner, room } from './recorded-room.ts';

/**
 * A studio that dies in the middle of something: the process kills itself the moment a recording
 * enters a state.
 *
 * Arguments: data folder, 64 hex digits for master key and identity, `recover` or `delete`, state
 */
const [dataDir = '', hex = '', task, state] = process.argv.slice(2);
const secret = Buffer.from(hex, 'hex');
const recordings = await RecordingService.open({
  dir: join(dataDir, 'recordings'),
  db: openDatabase(join(dataDir, 'studio.db')),
  clock: () => Date.now(),
  logger: pino({ level: 'silent' }),
  ffmpegPath: 'ffmpeg',
  signer: newSigner(secret),
  masterKey: secret,
});
recordings.on('changed', (_roomId, status) => {
  if (status.state === state) process.kill(process.pid, 'SIGKILL');
});
if (task === 'recover') await recordings.recover();
else await recordings.remove(room().roomId);
console.log('survived');
