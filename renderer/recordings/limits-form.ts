import { LibraryLimits } from '../../protocol/recording-library.ts';

/** What is wrong with each field. */
export type LimitProblems = { [F in keyof LibraryLimits]?: string };

/** The limits as somebody typed them: with a comma or a point, and nothing for no quota. */
export function readLimits(
  days: string,
  quota: string,
): { value: LibraryLimits | undefined; problems: LimitProblems } {
  const limits = LibraryLimits.safeParse({
    retentionDays: days.trim() === '' ? undefined : Number(days),
    quotaGb: quota.trim() === '' ? null : Number(quota.replace(',', '.')),
  });
  if (limits.success) return { value: limits.data, problems: {} };
  const wrong = new Set(limits.error.issues.map(({ path }) => path[0]));
  return {
    value: undefined,
    problems: {
      ...(wrong.has('retentionDays') && { retentionDays: 'A whole number from 1 to 3650.' }),
      ...(wrong.has('quotaGb') && { quotaGb: 'A number of at least 0.1, or nothing.' }),
    },
  };
}
