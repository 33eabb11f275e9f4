import { type CreateRoomRequest, Title, type Visibility } from '../../protocol/rooms.ts';

/** What a person decides before a room starts. */
export interface LaunchDraft {
  title: string;
  visibility: Visibility;
  record: boolean;
  /** Frames are encrypted end to end. */
  encrypted: boolean;
  /** The project it belongs to; without one, the member's own profile. */
  projectId: string | undefined;
}

/** The request for a draft, or what is wrong with its title. */
export function launchRequest(
  draft: LaunchDraft,
): { ok: true; request: CreateRoomRequest } | { ok: false; titleProblem: string } {
  const title = Title.safeParse(draft.title);
  if (!title.success) {
    const titleProblem =
      draft.title.trim() === '' ? 'Give the room a title.' : 'Use 120 characters at most.';
    return { ok: false, titleProblem };
  }
  return {
    ok: true,
    request: {
      title: title.data,
      visibility: draft.visibility,
      recording: draft.record,
      ...(draft.encrypted && { private: true }),
      ...(draft.projectId === undefined
        ? { context: 'profile' }
        : { context: 'project', projectId: draft.projectId }),
    },
  };
}
