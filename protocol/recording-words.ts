/** How long is left, as people say it: `about 3 h 40 min`, `less than a minute`, `more than a day`. */
export function timeLeftWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `about ${minutes} min`;
  if (minutes >= 24 * 60) return 'more than a day';
  const hours = Math.floor(minutes / 60);
  const rest = Math.floor((minutes % 60) / 10) * 10;
  return rest === 0 ? `about ${hours} h` : `about ${hours} h ${rest} min`;
}
