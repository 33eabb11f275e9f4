/** Main knows by a slice's first bytes that a take begins with it: the EBML header's id (RFC 8794). */
const HEADER_ID_BYTES = 4;

/**
 * Sees to it that a take's first slice is enough to be known by. Chromium (156) ends a slice as
 * soon as its time is up and a byte is written: where the first frame takes longer than a slice,
 * the first byte of the header is a slice of its own.
 */
export class TakeHead {
  #held: Blob | undefined = new Blob();

  /** The slice to be handed on, joined with what was held back; `undefined` while that is too little. */
  pass(slice: Blob): Blob | undefined {
    if (this.#held === undefined) return slice;
    const joined = new Blob([this.#held, slice], { type: slice.type });
    this.#held = joined.size < HEADER_ID_BYTES ? joined : undefined;
    return this.#held === undefined ? joined : undefined;
  }
}
