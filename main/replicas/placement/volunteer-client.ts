import { z } from 'zod';
import { ProtocolError } from '../../../protocol/errors.ts';
import {
  type ProofRequest,
  ProofResponse,
  type ReplicaDeposit,
  ReplicaOffer,
  ReplicaProgress,
  type ReplicaTerms,
} from '../../../protocol/replicas.ts';
import { visitorHandle } from '../../../protocol/visitor-handle.ts';
import { callNode } from '../../home/call-node.ts';
import type { KnownNode } from '../../home/home.ts';
import { openNodeGateway } from '../../home/node-gateway.ts';
import { remoteNode } from '../../home/remote-node.ts';
import type { Identity } from '../../identity/identity.ts';

/** A segment of some MB over a home's uplink. */
const ANSWER_WITHIN_MS = 120_000;

/** A node that may keep copies, as this studio's member speaks to it. */
export interface VolunteerClient {
  offer(): Promise<ReplicaOffer>;
  /** Rejects with its refusals, see `ReplicaKeeper`. */
  deposit(deposit: ReplicaDeposit): Promise<ReplicaProgress>;
  progress(recordingId: string): Promise<ReplicaProgress>;
  sendFile(recordingId: string, sha256: string, bytes: Uint8Array): Promise<void>;
  sendTerms(terms: ReplicaTerms): Promise<void>;
  prove(recordingId: string, request: ProofRequest): Promise<string>;
  close(): Promise<void>;
}

/** Signs in on a node. Rejects with `node-unreachable`, `node-untrusted`, `not-a-node`, `forbidden`. */
export async function openVolunteer(
  { origin, certificate }: KnownNode,
  member: Identity,
  signal: AbortSignal,
): Promise<VolunteerClient> {
  const gateway = await openNodeGateway({
    ...{ origin, certificate, uiOrigins: [] },
    answerMs: ANSWER_WITHIN_MS,
  });
  try {
    const token = await signIn(origin, gateway.url, member);
    const call = <T extends z.ZodType>(path: string, answer: T, body?: unknown) =>
      callNode(
        {
          ...{ origin, baseUrl: gateway.url, path, token, signal },
          answerWithinMs: ANSWER_WITHIN_MS,
          ...(body !== undefined && { body }),
        },
        answer,
      );
    return {
      offer: () => call('/api/replicas', ReplicaOffer),
      deposit: (deposit) => call('/api/replicas', ReplicaProgress, deposit),
      progress: (recordingId) => call(`/api/replicas/${recordingId}`, ReplicaProgress),
      async sendFile(recordingId, sha256, bytes) {
        await call(`/api/replicas/${recordingId}/files/${sha256}`, z.unknown(), bytes);
      },
      async sendTerms(terms) {
        await call(`/api/replicas/${terms.recordingId}/terms`, z.unknown(), terms);
      },
      prove: async (recordingId, request) =>
        (await call(`/api/replicas/${recordingId}/proof`, ProofResponse, request)).proof,
      close: () => gateway.close(),
    };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

async function signIn(origin: string, baseUrl: string, member: Identity): Promise<string> {
  const node = remoteNode(origin, baseUrl);
  try {
    return (await node.signIn(member)).token;
  } catch (error) {
    const isTaken = error instanceof ProtocolError && error.code === 'handle-taken';
    if (!isTaken) throw error;
    const handle = visitorHandle(member.profile().handle, member.userId);
    return (await node.signIn(member, handle)).token;
  }
}
