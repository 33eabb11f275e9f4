/** The number of a media segment by its file name; `undefined` for the init segment and others. */
export function segmentNumber(name: string): number | undefined {
  const digits = /^segment-(\d{6,9})\.m4s$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
