import { DisplayName, Handle } from '../../protocol/identity.ts';

/** What a person types about themselves. */
export interface ProfileDraft {
  handle: string;
  displayName: string;
}

/** What is wrong with each field, as a sentence; empty when nothing is. */
export type ProfileProblems = { [K in keyof ProfileDraft]?: string };

/** Checks a draft against the protocol's rules, in words for the person who typed it. */
export function profileProblems(draft: ProfileDraft): ProfileProblems {
  const problems: ProfileProblems = {};
  if (!DisplayName.safeParse(draft.displayName).success) {
    problems.displayName =
      draft.displayName.trim() === '' ? 'Enter a name.' : 'Use 64 characters at most.';
  }
  if (!Handle.safeParse(draft.handle).success) {
    problems.handle =
      draft.handle === ''
        ? 'Choose a handle.'
        : 'Use 2 to 32 characters: a to z, 0 to 9, "-" or "_", starting with a letter or digit.';
  }
  return problems;
}

/** The handle as it is typed, in lower case and without a leading @ or spaces. */
export function tidyHandle(typed: string): string {
  return typed.trim().replace(/^@/, '').toLowerCase();
}
