/** The node can't listen. `message` is a sentence that says what to do. */
export class ListenError extends Error {
  readonly code: 'port-in-use' | 'port-refused';

  constructor(code: ListenError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.code = code;
  }
}

/**
 * What to tell when listening failed; errors of another kind are answered as they are.
 *
 * @param flag what chooses the port on the command line.
 */
export function explainListenError(error: unknown, port: number, flag = '--port'): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new ListenError(
      'port-in-use',
      `Port ${port} is taken by another program. Stop that one, or choose another with ${flag}.`,
      error,
    );
  }
  if (code === 'EACCES') {
    return new ListenError(
      'port-refused',
      `The system does not let this program use port ${port}. Choose one above 1023 with ${flag}.`,
      error,
    );
  }
  return error;
}
