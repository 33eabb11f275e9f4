/**
 * Takes out of a text what must not leave this computer in a bug report: tokens, invitations,
 * keys, descriptions of connections, whole addresses, people's names. It rather takes too much.
 *
 * @param names of people, and of what they named: each becomes `[name]`, in any case of letters.
 */
export function redact(text: string, names: Iterable<string> = []): string {
  const scrubbed = scrub(text);
  const known = [...names].flatMap((name) => [name, scrub(name)]).filter((name) => name.trim());
  // The longest first: "Ada Lovelace" before "Ada".
  return known
    .sort((a, b) => b.length - a.length)
    .reduce((rest, name) => rest.replace(wholeWord(name), '[name]'), scrubbed);
}

/** In this order: what is whole must go before a rule for its parts sees it. */
const RULES: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  // A description ends the text: nothing behind its first line is worth keeping.
  [/\bv=0\s*(?:\\r|\\n|\r|\n)[\s\S]*/g, '[sdp]'],
  [/\ba=[a-z][\w-]*(?::[^\r\n"'\\]*)?/gi, '[sdp]'],
  [/\bcandidate:[^\r\n"'\\]*/gi, '[candidate]'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, keepScriptName],
  [/\b(?:stun|turn)s?:[^\s"'<>,\]]+/gi, '[server]'],
  [/\bbearer\s+[^\s"',;]+/gi, 'Bearer [secret]'],
  [
    /\b(?:invite|\w*token|\w*ticket|\w*secret|credential|password|pwd|ufrag|authorization|nonce|signature|proof|\w*key)\b["']?\s*[=:]\s*["']?[^\s"',;}]+/gi,
    '[secret]',
  ],
  [/\b[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[token]'],
  [/(?<![0-9a-f])(?:[0-9a-f]{2}:){7,}[0-9a-f]{2}(?![0-9a-f])/gi, '[fingerprint]'],
  [/[^\s"'<>@]+@[^\s"'<>@]+/g, '[address]'],
  [/(?<![\w@])@[\w.-]+/g, '[name]'],
  [/([/\\])(home|Users)[/\\][^/\\\s"']+/gi, '/[home]'],
  [/\b(?:room|peer|u|rec|inv|mod|post|prj|project|asset|ch)_[\w-]+/g, '[id]'],
  [/[\w+/=-]{20,}/g, hideOpaque],
  [/(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.]*\d)/g, maskIpv4],
  [/(?<![\w:])[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*(?:%\w+)?(?![\w:])/gi, maskIpv6],
];

function scrub(text: string): string {
  return RULES.reduce(
    (rest, [pattern, by]) =>
      typeof by === 'string' ? rest.replace(pattern, by) : rest.replace(pattern, by),
    text,
  );
}

/** Where in our own code something happened is what a report is for; the address is not. */
function keepScriptName(link: string): string {
  const script = /\/assets\/([\w.-]+\.js(?::\d+){0,2})\)?$/.exec(link)?.[1];
  return script ? `[page]/${script}` : '[link]';
}

/** Keys and nonces mix digits and both cases; words and WebRTC's own names stay. */
function hideOpaque(run: string): string {
  if (/^(?:RTC|MediaStream)[A-Za-z]+$/.test(run)) return run;
  return /[\dA-Z]/.test(run) ? '[id]' : run;
}

function maskIpv4(address: string): string {
  return address.replace(/\.\d+$/, '.x');
}

/** The network's half stays readable, the computer's does not. Times of day are not addresses. */
function maskIpv6(run: string): string {
  if (!run.includes('::') && run.split(':').length !== 8) return run;
  const groups = run.split(':').filter((group) => group !== '');
  return groups.length > 2 ? `${groups.slice(0, 2).join(':')}::x` : '::x';
}

function wholeWord(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu');
}
