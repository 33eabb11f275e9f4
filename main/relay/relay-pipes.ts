import type { RelayPlace } from './relay-place.ts';

export interface RelayPipesOptions {
  /** Whether a track is to be forwarded now; `undefined` when it has ended. */
  pausedNow: (producerId: string) => boolean | undefined;
  /** Something could not be done at a place. */
  failed: (error: unknown) => void;
}

/** Tracks of one room that are wanted at other places than their sender's: each goes there once. */
export class RelayPipes {
  readonly #options: RelayPipesOptions;
  /** Between two places, by both of their ids. */
  readonly #pipes = new Map<string, { ends: [RelayPlace, RelayPlace]; open: Promise<void> }>();
  /** By track, then by place. */
  readonly #brought = new Map<string, Map<RelayPlace, Promise<void>>>();

  constructor(options: RelayPipesOptions) {
    this.#options = options;
  }

  /** Resolves once the track can be had at `to`; rejects as places do. */
  async bring(producerId: string, from: RelayPlace, to: RelayPlace): Promise<void> {
    if (from === to) return;
    const places = this.#brought.get(producerId) ?? new Map<RelayPlace, Promise<void>>();
    this.#brought.set(producerId, places);
    const known = places.get(to);
    if (known) return known;
    const brought = this.#bring(producerId, from, to).catch((error: unknown) => {
      if (places.get(to) === brought) places.delete(to);
      throw error;
    });
    places.set(to, brought);
    return brought;
  }

  /** Everywhere that the track went to. */
  async setPaused(producerId: string, paused: boolean): Promise<void> {
    const places = this.#brought.get(producerId) ?? [];
    await Promise.all(
      [...places].map(async ([place, brought]) => {
        await brought.catch(() => undefined);
        await place.setPaused(producerId, paused);
      }),
    );
  }

  trackGone(producerId: string): void {
    const places = this.#brought.get(producerId) ?? [];
    this.#brought.delete(producerId);
    for (const [place] of places) place.closeProducer(producerId).catch(this.#options.failed);
  }

  placeGone(gone: RelayPlace): void {
    for (const [key, { ends }] of this.#pipes) {
      const other = ends.find((end) => end !== gone);
      if (!ends.includes(gone) || !other) continue;
      this.#pipes.delete(key);
      other.closePipe(gone.placeId).catch(this.#options.failed);
    }
    for (const places of this.#brought.values()) places.delete(gone);
  }

  async #bring(producerId: string, from: RelayPlace, to: RelayPlace): Promise<void> {
    const { pausedNow } = this.#options;
    await this.#pipe(from, to);
    const track = await from.sendByPipe(to.placeId, producerId);
    await to.receiveByPipe(from.placeId, track);
    const paused = pausedNow(producerId);
    if (paused === undefined) await to.closeProducer(producerId);
    else if (paused !== track.paused) await to.setPaused(producerId, paused);
  }

  #pipe(a: RelayPlace, b: RelayPlace): Promise<void> {
    const key = [a.placeId, b.placeId].sort().join(' ');
    const known = this.#pipes.get(key);
    if (known) return known.open;
    const open = connect(a, b).catch((error: unknown) => {
      if (this.#pipes.get(key)?.open === open) this.#pipes.delete(key);
      for (const [end, other] of [[a, b] as const, [b, a] as const]) {
        end.closePipe(other.placeId).catch(this.#options.failed);
      }
      throw error;
    });
    this.#pipes.set(key, { ends: [a, b], open });
    return open;
  }
}

async function connect(a: RelayPlace, b: RelayPlace): Promise<void> {
  const [atA, atB] = await Promise.all([a.openPipe(b.placeId), b.openPipe(a.placeId)]);
  await Promise.all([a.connectPipe(b.placeId, atB), b.connectPipe(a.placeId, atA)]);
}
