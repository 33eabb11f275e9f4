import { z } from 'zod';
import { Base64Url, Timestamp } from './encoding.ts';
import { UserId } from './identity.ts';

/** What an invitation to enrol carries: 32 random bytes as base64url. */
export const EnrolmentToken = Base64Url.length(43, 'must be the whole token of the invitation');

export const EnrolmentRequest = z.object({ token: EnrolmentToken });
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

export const Enrolment = z.object({ userId: UserId, enrolledAt: Timestamp });
/** Somebody who may create rooms on a community's node. */
export type Enrolment = z.infer<typeof Enrolment>;
