/** How large each person's picture is shown in this window, whichever places show it. */
export class ShownSizes {
  readonly #places = new Map<string, Map<string, number>>();

  /**
   * @param place what shows it, e.g. a tile; each has a name of its own
   * @param heightPx in device pixels; 0 where it does not show it any more
   */
  set(peerId: string, place: string, heightPx: number): void {
    const places = this.#places.get(peerId) ?? new Map<string, number>();
    if (heightPx > 0) places.set(place, heightPx);
    else places.delete(place);
    if (places.size > 0) this.#places.set(peerId, places);
    else this.#places.delete(peerId);
  }

  /** Where it is shown largest, in device pixels; 0 where it is not shown. */
  heightOf(peerId: string): number {
    return Math.max(0, ...(this.#places.get(peerId)?.values() ?? []));
  }
}
