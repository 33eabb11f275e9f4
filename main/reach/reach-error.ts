/** The node can't be reached as was asked. `message` is a sentence that says what to do. */
export class ReachError extends Error {
  readonly code: 'certificate-unusable';

  constructor(code: ReachError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ReachError';
    this.code = code;
  }
}
