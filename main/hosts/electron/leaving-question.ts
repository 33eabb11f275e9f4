/** What to ask before leaving; `undefined` when nothing would be cut off. */
export function leavingQuestion(activity: {
  inRoom: boolean;
  recording: boolean;
}): { message: string; detail: string } | undefined {
  if (activity.recording) {
    return {
      message: 'You are recording. Leave now?',
      detail: 'The recording ends and its replay is finished before the app quits.',
    };
  }
  if (activity.inRoom) {
    return {
      message: 'You are in a live room. Leave now?',
      detail: 'The others lose your picture and sound; a room that you host closes.',
    };
  }
  return undefined;
}
