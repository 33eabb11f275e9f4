import { exactTime, relativeTime } from './relative-time.ts';
import { useNow } from './use-now.ts';

/** How long ago something was; the exact time is its title. @param at ISO 8601. */
export function RelativeTime({ at, className }: { at: string; className?: string | undefined }) {
  const now = useNow(20_000);
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(atMs)} className={className}>
      {relativeTime(atMs, now)}
    </time>
  );
}
