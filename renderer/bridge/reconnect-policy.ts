/**
 * When to try again after a loopback connection dropped, in ms after the attempt before;
 * `undefined` to give up. A loopback socket that can't be had back within 8 s has nobody behind it.
 */
export function reconnectDelay(attempt: number): number | undefined {
  return [0, 100, 400, 1000, 2000, 4000][attempt];
}
