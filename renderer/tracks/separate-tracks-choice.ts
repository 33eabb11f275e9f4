const KEY = 'swarm-separate-tracks';

/** Whether recordings keep each participant apart as well; as it was chosen last on this computer. */
export function separateTracksChosen(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on';
  } catch {
    // A browser may forbid it to a page; then it is chosen anew each time.
    return false;
  }
}

/** Remembers the choice. */
export function chooseSeparateTracks(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch (error) {
    console.info('The choice of separate tracks could not be remembered.', error);
  }
}
