import { openChildRecordings } from './child-recordings.ts';
import { room } from './recorded-room.ts';

/**
 * A studio that dies in the middle of something: the process kills itself the moment a recording
 * enters a state.
 *
 * Arguments: data folder, 64 hex digits for master key and identity, `recover` or `delete`, state
 */
const [dataDir = '', hex = '', task, state] = process.argv.slice(2);
const recordings = await openChildRecordings(dataDir, hex);
recordings.on('changed', (_roomId, status) => {
  if (status.state === state) process.kill(process.pid, 'SIGKILL');
});
if (task === 'recover') await recordings.recover();
else await recordings.remove(room().roomId);
console.log('survived');
