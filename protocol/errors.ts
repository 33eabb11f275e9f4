import { z } from 'zod';

/**
 * Every refusal the protocol knows, with the HTTP status it travels under.
 * Codes are stable: clients branch on them, people read the sentence beside them.
 */
export const ERROR_STATUS = {
  'validation-failed': 400,
  'rtp-invalid': 400,
  'invite-invalid': 400,
  'event-invalid': 400,
  'asset-invalid': 400,
  'manifest-invalid': 400,
  'terms-invalid': 400,
  'unsupported-message': 400,
  'auth-required': 401,
  'auth-failed': 401,
  forbidden: 403,
  'invite-required': 403,
  'invite-expired': 403,
  'invite-revoked': 403,
  'invite-used': 403,
  'knock-denied': 403,
  'muted-by-moderator': 403,
  banned: 403,
  'origin-refused': 403,
  'streaming-unavailable': 403,
  'not-volunteering': 403,
  'not-found': 404,
  'room-not-found': 404,
  'peer-not-found': 404,
  'invite-not-found': 404,
  'post-not-found': 404,
  'project-not-found': 404,
  'recording-not-found': 404,
  'summary-not-found': 404,
  'replica-not-found': 404,
  'method-not-allowed': 405,
  'handle-taken': 409,
  'room-full': 409,
  'swarm-full': 409,
  'already-recording': 409,
  'recording-busy': 409,
  'recording-not-live': 409,
  'not-relayed': 409,
  'project-not-empty': 409,
  'terms-outdated': 409,
  'room-closed': 410,
  'recording-expired': 410,
  'replica-deleted': 410,
  'message-too-large': 413,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  'hash-mismatch': 422,
  'rate-limited': 429,
  internal: 500,
  'recording-damaged': 500,
  'node-unreachable': 502,
  'recogniser-failed': 502,
  'recogniser-unreachable': 502,
  'node-untrusted': 502,
  'not-a-node': 502,
  'ffmpeg-missing': 503,
  'store-unavailable': 503,
  'relay-unavailable': 503,
  'quota-exceeded': 507,
  'storage-full': 507,
  'storage-unwritable': 507,
} as const;

/** A refusal's stable, machine-readable name. */
export type ErrorCode = keyof typeof ERROR_STATUS;

export const ErrorCode = z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]);

/** `application/problem+json` (RFC 9457) with our `code` and, for validation, each bad field. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: ErrorCode,
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/**
 * A refusal thrown by any side. `message` is a sentence for the person: what happened and what
 * to do next.
 */
export class ProtocolError extends Error {
  readonly code: ErrorCode;
  readonly fields: { path: string; message: string }[] | undefined;

  constructor(code: ErrorCode, message: string, fields?: { path: string; message: string }[]) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
    this.fields = fields;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  toProblem(): Problem {
    return {
      type: 'about:blank',
      title: this.code,
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.fields && { errors: this.fields }),
    };
  }
}
