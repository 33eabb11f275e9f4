import type { LaunchProblem } from './launch-problem.ts';

/** What a script learns with `--json` once the studio is ready. */
export interface Readiness {
  /** Where guests on this computer reach the studio. */
  address: string;
  /** Where they do on other devices; absent while only this computer reaches it. */
  networkAddress?: string | undefined;
  /** The studio's own window, its launch secret included; in Electron, `studio://app/`. */
  studioUrl: string;
  dataFolder: string;
  host: 'electron' | 'browser';
  version: string;
}

/** The line or lines that say the studio is ready. */
export function readinessText(ready: Readiness, json: boolean): string {
  if (json) return `${JSON.stringify(ready)}\n`;
  const studio = ready.host === 'browser' ? ready.studioUrl : 'in its window';
  return [
    `Swarm Studio ${ready.version} is ready.`,
    `  Studio  ${studio}${ready.host === 'browser' ? '  (for you alone: who has this address controls the studio)' : ''}`,
    `  Guests  ${ready.address}${ready.networkAddress ? '' : '  (on this computer alone)'}`,
    ...(ready.networkAddress ? [`          ${ready.networkAddress}  (on other devices)`] : []),
    `  Data    ${ready.dataFolder}`,
    '',
  ].join('\n');
}

/** What stdout gets when the studio can't start, with `--json`. */
export function problemLine(problem: LaunchProblem): string {
  return `${JSON.stringify({ error: { code: problem.code, message: problem.message } })}\n`;
}
