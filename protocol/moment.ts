/** The longest time a link can name: a week. */
const LONGEST_S = 7 * 24 * 3600;

/**
 * Reads the time of a link as people and other players write it: `83`, `83s`, `1m23s`, `1h2m3s`,
 * `1:23`. Answers seconds; `undefined` for anything else.
 */
export function readMoment(text: unknown): number | undefined {
  if (typeof text === 'number') return within(text);
  if (typeof text !== 'string' || text.length > 20) return undefined;
  const clock = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{2})$/.exec(text);
  if (clock) return within(secondsOf(clock[1], clock[2], clock[3]));
  const units = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(text);
  if (!units || text === '') return undefined;
  return within(secondsOf(units[1], units[2], units[3]));
}

/** A stretch of a text; `seconds` where it names a time like `1:23` or `1:02:03`. */
export interface MomentPart {
  text: string;
  seconds?: number;
}

/** Parts a text into times and the rest, which together are the text again. */
export function momentParts(text: string): MomentPart[] {
  return text
    .split(/(?<![\w:.])(\d{1,3}:[0-5]\d(?::[0-5]\d)?)(?![\w:])/)
    .filter((part) => part !== '')
    .map((part) => {
      const seconds = part.includes(':') ? readMoment(part) : undefined;
      return { text: part, ...(seconds !== undefined && { seconds }) };
    });
}

function secondsOf(hours = '0', minutes = '0', seconds = '0'): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function within(seconds: number): number | undefined {
  return seconds >= 0 && seconds <= LONGEST_S ? seconds : undefined;
}
