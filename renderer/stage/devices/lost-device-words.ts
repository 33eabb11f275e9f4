type Lost = { audio?: boolean; video?: boolean } | undefined;

/** For whom it is: which of their devices is gone, and what the others and a recording get. */
export function lostDeviceWords(lost: Lost, recorded: boolean): string | undefined {
  const audio = recorded ? ', and the recording has silence for you' : '';
  const video = recorded ? ', and the recording shows your initials' : '';
  if (lost?.audio && lost.video) {
    return `Your camera and microphone were disconnected. The others don’t see or hear you${recorded ? ', and neither does the recording' : ''}.`;
  }
  if (lost?.audio) return `Your microphone was disconnected. The others don’t hear you${audio}.`;
  if (lost?.video) return `Your camera was disconnected. The others don’t see you${video}.`;
  return undefined;
}

/** For a tile. */
export function lostOnTile(lost: Lost): string | undefined {
  if (lost?.audio && lost.video) return 'Camera and microphone disconnected';
  if (lost?.audio) return 'Microphone disconnected';
  return lost?.video ? 'Camera disconnected' : undefined;
}
