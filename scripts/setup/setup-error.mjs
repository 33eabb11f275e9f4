/**
 * A step of the set-up that can't go on. `message` is what the person reads: what is wrong and
 * what to do about it.
 */
export class SetupError extends Error {
  /**
   * @param {string} code stable and machine-readable, e.g. `electron-missing`
   * @param {string} message a sentence that says what to do
   * @param {{ exitCode?: number, details?: string }} [options] `details`: last lines of the tool that failed
   */
  constructor(code, message, options = {}) {
    super(message);
    this.name = 'SetupError';
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
    this.details = options.details ?? '';
  }
}
