import { nanoid } from 'nanoid';
import type { ClusterBus } from './cluster-bus.ts';
import type { ForwardedAnswer } from './cluster-messages.ts';
import { storeUnavailable } from './redis-room-store.ts';

/** A node that does not answer for so long is asked no more. */
const ANSWER_WITHIN_MS = 5_000;

/** What this node asked others, until they answer. */
export class ClusterQuestions {
  readonly #open = new Map<string, { nodeId: string; done: (answer?: ForwardedAnswer) => void }>();

  constructor(bus: ClusterBus) {
    bus.on('message', (_from, message) => {
      if (message.type === 'answer') this.#open.get(message.askId)?.done(message.answer);
    });
    bus.on('left', (gone) => {
      for (const { nodeId, done } of this.#open.values()) if (nodeId === gone) done();
    });
  }

  /**
   * Waits for the answer to what `send` sends. Rejects with `store-unavailable` where none comes.
   *
   * @param send gets the number that the answer will have
   */
  ask(nodeId: string, send: (askId: string) => void): Promise<ForwardedAnswer> {
    const askId = nanoid(16);
    return new Promise((resolve, reject) => {
      const done = (answer?: ForwardedAnswer) => {
        clearTimeout(timer);
        this.#open.delete(askId);
        if (answer) resolve(answer);
        else reject(storeUnavailable());
      };
      const timer = setTimeout(done, ANSWER_WITHIN_MS);
      this.#open.set(askId, { nodeId, done });
      send(askId);
    });
  }
}
