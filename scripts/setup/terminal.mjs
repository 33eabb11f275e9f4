/** Nothing is shown for a step that is over before this. */
const QUIET_FOR_MS = 1500;
const LINE_EVERY_MS = 5000;
const FRAME_EVERY_MS = 120;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * @typedef {object} Terminal
 * @property {(line: string) => void} say prints one line for the person at the terminal
 * @property {<T>(label: string, work: (detail: (text: string) => void) => Promise<T>) => Promise<T>} during
 *   shows that `work` is going on: a spinner on a terminal, a line every five seconds elsewhere;
 *   `detail` adds what is known of how far it is
 */

/**
 * @param {NodeJS.WriteStream} stream where the plain lines go
 * @returns {Terminal}
 */
export function createTerminal(stream) {
  /** @param {string} line */
  const say = (line) => void stream.write(`${line}\n`);
  return {
    say,
    async during(label, work) {
      const startedAt = Date.now();
      let detail = '';
      const line = () => {
        const elapsed = formatSeconds(Date.now() - startedAt);
        return `${label} … ${elapsed}${detail === '' ? '' : `, ${detail}`}`;
      };
      const stop = stream.isTTY ? spin(stream, line) : reportNow(say, line);
      try {
        return await work((text) => {
          detail = text;
        });
      } finally {
        stop();
      }
    },
  };
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {() => string} line
 */
function spin(stream, line) {
  let frame = 0;
  const timer = setInterval(() => {
    frame = (frame + 1) % FRAMES.length;
    const text = `${FRAMES[frame]} ${line()}`;
    stream.write(`\r\x1b[2K${text.slice(0, Math.max(20, stream.columns - 1))}`);
  }, FRAME_EVERY_MS);
  return () => {
    clearInterval(timer);
    stream.write('\r\x1b[2K');
  };
}

/**
 * @param {(line: string) => void} say
 * @param {() => string} line
 */
function reportNow(say, line) {
  /** @type {NodeJS.Timeout | undefined} */
  let repeated;
  const first = setTimeout(() => {
    say(line());
    repeated = setInterval(() => say(line()), LINE_EVERY_MS);
  }, QUIET_FOR_MS);
  return () => {
    clearTimeout(first);
    clearInterval(repeated);
  };
}

/**
 * @param {number} ms
 * @returns {string} e.g. `12 s`, `2 min 5 s`
 */
export function formatSeconds(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
