import type { StudioInfo } from '../../preload/contract.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { NodePlace } from '../../protocol/home.ts';
import type { Profile, Session } from '../../protocol/identity.ts';
import type { NodeInfo } from '../../protocol/node.ts';
import { visitorHandle } from '../../protocol/visitor-handle.ts';
import { type Api, createApi, openSession, type Signer } from '../api/client.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { connectBridge } from '../bridge/connect-bridge.ts';
import { findPlace } from '../home/find-place.ts';
import { takeVisit } from '../home/visit.ts';
import { createBridgeSigner } from '../identity/bridge-signer.ts';
import { createBrowserKeySigner } from '../identity/browser-key-signer.ts';
import { guestHandle } from '../identity/guest-handle.ts';
import { SessionKeeper, type SessionProfile } from '../identity/session-keeper.ts';
import { type OfferedFeatures, offeredFeatures } from '../rooms/features.ts';
import { gatherFacts } from '../rooms/platform-facts.ts';
import { checkPrerequisites, type Prerequisite } from '../rooms/prerequisites.ts';
import { type Explanation, explain } from '../ui/explain.ts';
import { readGuestName, validGuestName } from './guest-name.ts';

/** The studio's own side of the window; a guest's tab has none. */
export interface Native {
  bridge: Bridge;
  info: StudioInfo;
  member: Profile;
}

/** Everything that has to be known before the first page can be shown. */
export interface BootedStudio {
  api: Api;
  sessions: SessionKeeper;
  signer: Signer;
  node: NodeInfo;
  features: OfferedFeatures;
  prerequisites: readonly Prerequisite[];
  native: Native | undefined;
  /** The node this window is on; a guest's tab is on the one that served it. */
  place: NodePlace | undefined;
}

/** The studio is there, and the other node that its window should be on is not. */
export interface UnreachablePlace {
  native: Native;
  /** Its home, by its name and origin, or the node it visits, by its address. */
  kind: 'home' | 'visit';
  name: string;
  address: string;
  problem: Explanation;
}

export type Booted = { studio: BootedStudio } | { unreachable: UnreachablePlace };

/**
 * Finds the native side where there is one, and the node. Rejects with `BridgeRefused` when the
 * studio turns this window away, or with a sentence when the node does not answer.
 */
export async function boot(): Promise<Booted> {
  const bridge = await connectBridge();
  const native = bridge && (await askNative(bridge));
  if (!native) return { studio: await bootOn(undefined, undefined) };
  const { kind, name, origin } = native.info.place;
  const visited = takeVisit();
  try {
    return { studio: await bootOn(native, await findPlace(native.bridge, native.info)) };
  } catch (error) {
    const elsewhere = visited !== undefined || kind === 'home';
    if (!elsewhere) throw error;
    const where =
      visited === undefined
        ? { kind: 'home' as const, name, address: origin }
        : { kind: 'visit' as const, name: visited, address: visited };
    return { unreachable: { native, ...where, problem: explain(error) } };
  }
}

async function bootOn(
  native: Native | undefined,
  place: NodePlace | undefined,
): Promise<BootedStudio> {
  const { signer, profile } = native ? await memberIdentity(native) : await guestIdentity();
  const baseUrl = place?.baseUrl ?? '';
  const sessions = new SessionKeeper({
    open: (person) => signIn(baseUrl, signer, person, native, place),
    profile,
  });
  const api = createApi(baseUrl, () => sessions.token());
  const [node, facts] = await Promise.all([api.node(), gatherFacts(native?.info)]);
  const prerequisites = checkPrerequisites(facts);
  const features = offeredFeatures(node, prerequisites, isElsewhere(native, place));
  const shared = { api, sessions, signer, node, prerequisites, features, place };
  return {
    ...shared,
    native: place?.kind === 'visit' ? await asVisitor(native, sessions) : native,
  };
}

interface WindowIdentity {
  signer: Signer;
  /** Whom sessions are for, asked each time one is opened. */
  profile: () => Promise<SessionProfile | undefined>;
}

async function signIn(
  baseUrl: string,
  signer: Signer,
  person: SessionProfile,
  native: Native | undefined,
  place: NodePlace | undefined,
): Promise<Session> {
  try {
    return await openSession(baseUrl, signer, person, place?.origin);
  } catch (error) {
    const taken = error instanceof ProtocolError && error.code === 'handle-taken';
    if (!taken || !native || place?.kind !== 'visit') throw error;
    const handle = visitorHandle(person.handle, native.member.userId);
    return openSession(baseUrl, signer, { ...person, handle }, place.origin);
  }
}

/** On a visit the member goes by the handle that the node gave them. */
async function asVisitor(
  native: Native | undefined,
  sessions: SessionKeeper,
): Promise<Native | undefined> {
  const { handle } = await sessions.session();
  return native && { ...native, member: { ...native.member, handle } };
}

/** The window is on another node than the one its main process runs. */
function isElsewhere(native: Native | undefined, place: NodePlace | undefined): boolean {
  return native !== undefined && place?.baseUrl !== native.info.rendezvousUrl;
}

async function askNative(bridge: Bridge): Promise<Native> {
  const [info, member] = await Promise.all([
    bridge.call('studio.info', undefined),
    bridge.call('identity.profile', undefined),
  ]);
  return { bridge, info, member };
}

async function memberIdentity({ bridge }: Native): Promise<WindowIdentity> {
  return {
    signer: await createBridgeSigner(bridge),
    async profile() {
      const { handle, displayName } = await bridge.call('identity.profile', undefined);
      return { handle, displayName, guest: false };
    },
  };
}

/** A browser without Ed25519 still shows public pages and replays: it just never signs in. */
async function guestIdentity(): Promise<WindowIdentity> {
  try {
    const signer = await createBrowserKeySigner();
    return {
      signer,
      async profile() {
        const displayName = validGuestName(readGuestName());
        if (displayName === undefined) return undefined;
        return { handle: guestHandle(displayName), displayName, guest: true };
      },
    };
  } catch (error) {
    console.warn('This browser has no identity key; public pages work all the same.', error);
    const refuse = () => Promise.reject(error);
    return {
      signer: {
        publicKey: '',
        signNonce: refuse,
        signFingerprint: refuse,
        signModeration: refuse,
        signChat: refuse,
      },
      profile: async () => undefined,
    };
  }
}
