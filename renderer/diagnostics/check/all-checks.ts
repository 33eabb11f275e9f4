import type { ConnectionCheck } from './connection-check.ts';
import { deviceChecks } from './device-checks.ts';
import { mediaPathChecks } from './media-path-checks.ts';
import { nodeChecks } from './node-checks.ts';
import { uploadCheck } from './upload-check.ts';

/** Everything that joining needs, in the order in which one thing depends on another. */
export const connectionChecks: readonly ConnectionCheck[] = [
  ...deviceChecks,
  ...nodeChecks,
  ...mediaPathChecks,
  uploadCheck,
];
