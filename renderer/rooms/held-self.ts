import type { MuteState } from '../../protocol/rooms.ts';
import type { StreamingState } from './streaming.ts';

type Self = NonNullable<StreamingState['self']>;
type Kind = keyof MuteState;

/** What a moderator keeps off of one's own, with what was said about it. */
export type HeldKinds = NonNullable<Self['held']>;

const KINDS: readonly Kind[] = ['audio', 'video'];

/**
 * Holds exactly these kinds. What the person had chosen before is kept, so that it holds again when
 * the mute is lifted.
 *
 * @param former oneself until now; `undefined` for somebody who has just come.
 */
export function hold(
  former: Pick<Self, 'muted' | 'held' | 'chosen'> | undefined,
  held: HeldKinds,
): Pick<Self, 'held' | 'chosen'> {
  const kinds = KINDS.filter((kind) => held[kind]);
  if (kinds.length === 0) return {};
  const chosen: NonNullable<Self['chosen']> = {};
  for (const kind of kinds) {
    const choice = former?.held?.[kind] ? former.chosen?.[kind] : former?.muted[kind];
    if (choice !== undefined) chosen[kind] = choice;
  }
  return { held, chosen };
}

/**
 * Lets go of these kinds: what the person had chosen holds again. Where this page never knew what
 * that was, they stay off, for the person to switch on.
 */
export function release(self: Self, kinds: readonly Kind[]): Self {
  const { held, chosen, ...rest } = self;
  const lifted = kinds.filter((kind) => held?.[kind]);
  const muted: MuteState = { ...self.muted };
  for (const kind of lifted) muted[kind] = chosen?.[kind] ?? true;
  const still: HeldKinds = {};
  for (const kind of KINDS) {
    const about = held?.[kind];
    if (about && !lifted.includes(kind)) still[kind] = about;
  }
  return { ...rest, muted, ...hold(self, still) };
}

/** As the roster has it, with what was said about it where we heard that. */
export function heldByRoster({ audio, video }: MuteState, known: HeldKinds | undefined): HeldKinds {
  return {
    ...(audio && { audio: known?.audio ?? {} }),
    ...(video && { video: known?.video ?? {} }),
  };
}
