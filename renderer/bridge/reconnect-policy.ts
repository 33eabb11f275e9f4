/**
 * When to try again after a loopback connection dropped, in ms after the attempt before;
 * `undefined` once there is nobody behind it: the studio is away. Calls wait until then, 1.5 s in
 * all, and whoever records has to hear of it before many slices are waiting.
 */
export function reconnectDelay(attempt: number): number | undefined {
  return [0, 100, 400, 1000][attempt];
}
