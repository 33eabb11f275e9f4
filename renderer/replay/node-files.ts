import { Problem, ProtocolError } from '../../protocol/errors.ts';

/** The node of a recording can't be reached, or breaks off. */
export class NodeGone extends Error {
  constructor(cause: unknown) {
    super('The host’s studio can not be reached.', { cause });
    this.name = 'NodeGone';
  }
}

/**
 * Where a recording's files are, with a slash at its end.
 *
 * @param playlistUrl path on the node, e.g. `/replays/rec_…/index.m3u8`
 */
export function folderUrl(baseUrl: string, playlistUrl: string): string {
  return baseUrl + playlistUrl.slice(0, playlistUrl.lastIndexOf('/') + 1);
}

/** Gets the files of one recording from its node. */
export class NodeFiles {
  readonly #folderUrl: string;
  readonly #token: () => Promise<string | undefined>;

  /** @param folderUrl e.g. `http://127.0.0.1:41234/replays/rec_…/` */
  constructor(folderUrl: string, token: () => Promise<string | undefined>) {
    this.#folderUrl = folderUrl;
    this.#token = token;
  }

  /** Rejects with the node's refusal (`ProtocolError`) or `NodeGone`. */
  async json(name: string, signal: AbortSignal): Promise<unknown> {
    const response = await this.#ask(name, signal);
    return response.json().catch((error: unknown) => {
      throw new NodeGone(error);
    });
  }

  /** The same, of a file of so many bytes at most: what comes on top is not read. */
  async bytes(
    name: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.#ask(name, signal);
    const bytes = new Uint8Array(maxBytes);
    let length = 0;
    try {
      for (const reader = response.body?.getReader(); reader; ) {
        const { done, value } = await reader.read();
        if (done) break;
        if (length + value.length > maxBytes) {
          await reader.cancel();
          throw tooLong(name);
        }
        bytes.set(value, length);
        length += value.length;
      }
    } catch (error) {
      if (error instanceof ProtocolError || signal.aborted) throw error;
      throw new NodeGone(error);
    }
    return bytes.subarray(0, length);
  }

  async #ask(name: string, signal: AbortSignal): Promise<Response> {
    const bearer = await this.#token();
    const response = await fetch(this.#folderUrl + name, {
      signal,
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new NodeGone(error);
    });
    if (response.ok) return response;
    const problem = Problem.safeParse(await response.json().catch(() => undefined));
    if (problem.success) throw new ProtocolError(problem.data.code, problem.data.detail);
    throw new NodeGone(`status ${response.status}`);
  }
}

function tooLong(name: string): ProtocolError {
  return new ProtocolError(
    'recording-damaged',
    `${name} is longer than its host signed. It is not played.`,
  );
}
