import type { StudioApi } from '../../preload/contract.ts';

/** How long a window whose socket dropped may take to come back before its room counts as left. */
export const RETURN_GRACE_MS = 10_000;

/**
 * Knows which windows are there and which of them a room or recording depends on, and tells when
 * one of those is gone for good. Closing a second, idle window means nothing.
 */
export class WindowPresence {
  readonly #graceMs: number;
  readonly #onGone: () => void;
  /** Windows in a room or recording, present or within their grace. */
  readonly #busy = new Set<string>();
  readonly #present = new Map<string, number>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();

  /**
   * @param graceMs 0 where a closed connection can't come back.
   * @param onGone a window that was in a room or recording is gone.
   */
  constructor(graceMs: number, onGone: () => void) {
    this.#graceMs = graceMs;
    this.#onGone = onGone;
  }

  /** A window connected, for the first time or again. */
  opened(windowId: string): void {
    clearTimeout(this.#leaving.get(windowId));
    this.#leaving.delete(windowId);
    this.#present.set(windowId, (this.#present.get(windowId) ?? 0) + 1);
  }

  /** A connection of the window's ended. */
  closed(windowId: string): void {
    const connections = (this.#present.get(windowId) ?? 1) - 1;
    if (connections > 0) {
      this.#present.set(windowId, connections);
      return;
    }
    this.#present.delete(windowId);
    if (!this.#busy.has(windowId)) return;
    if (this.#graceMs === 0) this.#gone(windowId);
    else
      this.#leaving.set(
        windowId,
        setTimeout(() => this.#gone(windowId), this.#graceMs),
      );
  }

  /** The same studio for one window, noting what the window is in the middle of. */
  watch(windowId: string, api: StudioApi): StudioApi {
    return {
      ...api,
      'studio.setActivity': (activity) => {
        if (activity.inRoom || activity.recording) this.#busy.add(windowId);
        else this.#busy.delete(windowId);
        return api['studio.setActivity'](activity);
      },
      'recording.start': (input) => {
        this.#busy.add(windowId);
        return api['recording.start'](input);
      },
    };
  }

  /** Forgets everybody without telling: the studio itself stops. */
  dispose(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
    this.#busy.clear();
  }

  #gone(windowId: string): void {
    this.#leaving.delete(windowId);
    this.#busy.delete(windowId);
    this.#onGone();
  }
}
