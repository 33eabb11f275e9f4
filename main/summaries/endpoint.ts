import { ProtocolError } from '../../protocol/errors.ts';

/** No answer is longer. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What is asked of a service over HTTP. */
export interface EndpointRequest {
  url: string;
  /** Told as a bearer token where there is one. */
  key: string | undefined;
  body: FormData | string;
  signal: AbortSignal;
  timeoutMs: number;
}

/**
 * What a service answers, as text. Throws `recogniser-unreachable` with the address's host where
 * nothing answers, and `recogniser-failed` with the status for a refusal; never with the key.
 */
export async function askEndpoint(request: EndpointRequest): Promise<string> {
  const { url, key, body, signal, timeoutMs } = request;
  const where = new URL(url).host;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(url, {
      method: 'POST',
      // What is sent is somebody's voice: it goes where it was meant to go and nowhere else.
      redirect: 'error',
      headers: {
        ...(typeof body === 'string' && { 'content-type': 'application/json' }),
        ...(key && { authorization: `Bearer ${key}` }),
      },
      body,
      signal: patience,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new ProtocolError(
        'recogniser-failed',
        `${where} refused it (${response.status}). Check the address, the model and the key in the settings of transcripts.`,
      );
    }
    return await boundedText(response, where);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProtocolError) throw error;
    throw new ProtocolError(
      'recogniser-unreachable',
      `${where} does not answer. Check that it runs, and its address in the settings of transcripts.`,
    );
  }
}

async function boundedText(response: Response, where: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      throw new ProtocolError('recogniser-failed', `${where} answered far too much.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
