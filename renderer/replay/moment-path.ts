/** The page of a recording at a time, in whole seconds. */
export function momentPath(roomId: string, recordingId: string, atS: number): string {
  return `/replay/${roomId}?recording=${recordingId}&t=${atS}`;
}
