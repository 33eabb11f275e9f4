import { ProtocolError } from '../../protocol/errors.ts';
import type { NodeFound, NodePlace } from '../../protocol/home.ts';
import { type EnrolmentLink, nodeOrigin, readEnrolmentLink } from '../../protocol/node-link.ts';
import type { Identity } from '../identity/identity.ts';
import type { Settings } from '../settings/settings.ts';
import { openNodeGateway } from './node-gateway.ts';
import { NodeGateways } from './node-gateways.ts';
import { type PeerCertificate, peerCertificate } from './peer-certificate.ts';
import { type RemoteNode, remoteNode } from './remote-node.ts';

export interface HomeOptions {
  settings: Settings;
  identity: Identity;
  /** Origins of the studio's own window. */
  uiOrigins: readonly string[];
  /** This studio's own node. */
  own: {
    name: () => string;
    /** On loopback, e.g. `http://127.0.0.1:41234`. */
    url: string;
    /** All it goes by, as of now. */
    origins: () => readonly string[];
  };
}

/** A node that was spoken to. */
export interface KnownNode {
  origin: string;
  name: string;
  /** PEM of the only certificate to accept there; absent where this computer's authorities decide. */
  certificate: string | undefined;
}

/** Which node this studio's rooms live on, and the ways to it and to others. */
export class Home {
  readonly #options: HomeOptions;
  readonly #gateways: NodeGateways;
  /** Certificates that the person confirmed for this start, by origin. */
  readonly #confirmed = new Map<string, string>();

  constructor(options: HomeOptions) {
    this.#options = options;
    this.#gateways = new NodeGateways(options.uiOrigins);
  }

  /** Where the window may go on the network, as of now: its policy names these and no more. */
  nodeUrls(): readonly string[] {
    return [this.#options.own.url, ...this.#gateways.urls];
  }

  /** The home as it was chosen, whether it answers or not. */
  async place(): Promise<NodePlace> {
    const home = this.#options.settings.get('home');
    if (!home) return this.#ownPlace();
    const baseUrl = await this.#gateways.to(home.origin, home.certificate ?? undefined);
    return { kind: 'home', name: home.name, origin: home.origin, baseUrl };
  }

  /**
   * What is at an address; changes nothing. Rejects with `validation-failed` (not an address, or
   * http beyond this computer), `node-unreachable`, `not-a-node`, or `node-untrusted` where the
   * certificate is another one than the invitation names.
   *
   * @param address the link of an invitation to enrol, or no more than the node's address.
   */
  async look(address: string): Promise<NodeFound> {
    const link = readEnrolmentLink(address);
    const certificate = await this.#certificateOf(link.origin);
    const standing = certificate && standingOf(certificate, link);
    // Until it is confirmed, what is asked of the node is what anybody may know.
    const { name, version } = await ask(link.origin, pinOf(certificate), (node) => node.look());
    return {
      origin: link.origin,
      name,
      version,
      invited: link.token !== undefined,
      ...(certificate &&
        standing && { certificate: { fingerprint: certificate.fingerprint, standing } }),
    };
  }

  /**
   * Makes a node this studio's home: proves the member's key there, enrols by the invitation where
   * there is one, and remembers it. Rejects as {@link look} does, with the node's refusals
   * (`handle-taken`, `invite-expired`, …), with `forbidden` for somebody who may not create rooms
   * there, and with `node-untrusted` for a certificate nobody has confirmed.
   *
   * @param fingerprint of the certificate that the person confirmed.
   */
  async use(address: string, fingerprint?: string): Promise<NodePlace> {
    const node = await this.enrol(address, fingerprint);
    this.#options.settings.set('home', { ...node, certificate: node.certificate ?? null });
    return this.place();
  }

  /**
   * Proves the member's key to a node, and enrols there by the invitation where there is one; where
   * rooms live does not change. Rejects as {@link use} does.
   */
  async enrol(address: string, fingerprint?: string): Promise<KnownNode> {
    const link = readEnrolmentLink(address);
    const { origin } = link;
    if (this.#options.own.origins().includes(origin)) {
      throw new ProtocolError(
        'validation-failed',
        'That is the address of this studio itself. Choose “This computer” to have rooms here.',
      );
    }
    const certificate = await this.#confirmedCertificate(link, fingerprint);
    const { identity } = this.#options;
    const name = await ask(origin, certificate, (node) => enrolOn(node, identity, link.token));
    return { origin, name, certificate };
  }

  /** Rooms live on this computer again; on the node everything stays as it is. */
  async leave(): Promise<NodePlace> {
    this.#options.settings.set('home', null);
    return this.place();
  }

  /**
   * The way to any node for as long as the studio runs, e.g. to a room there. Its own and its home
   * are recognised. Rejects as {@link look} does, and with `node-untrusted` for a certificate
   * nobody has confirmed.
   *
   * @param fingerprint of the certificate that the person confirmed.
   */
  async visit(address: string, fingerprint?: string): Promise<NodePlace> {
    const { settings, own } = this.#options;
    const origin = nodeOrigin(address);
    const home = settings.get('home');
    if (home?.origin === origin) return this.place();
    if (own.origins().includes(origin)) {
      const place = this.#ownPlace();
      return home ? { ...place, kind: 'visit' } : place;
    }
    const known = fingerprint === undefined ? this.#confirmed.get(origin) : undefined;
    const certificate = known ?? (await this.#confirmedCertificate({ origin }, fingerprint));
    const { name } = await ask(origin, certificate, (node) => node.look());
    if (certificate !== undefined) this.#confirmed.set(origin, certificate);
    return { kind: 'visit', name, origin, baseUrl: await this.#gateways.to(origin, certificate) };
  }

  close(): Promise<void> {
    return this.#gateways.close();
  }

  #ownPlace(): NodePlace {
    const { name, url } = this.#options.own;
    return { kind: 'own', name: name(), origin: url, baseUrl: url };
  }

  async #certificateOf(origin: string): Promise<PeerCertificate | undefined> {
    return origin.startsWith('https:') ? peerCertificate(origin) : undefined;
  }

  /** What to pin: nothing where this computer's authorities do, or there is no TLS. */
  async #confirmedCertificate(
    link: EnrolmentLink,
    fingerprint: string | undefined,
  ): Promise<string | undefined> {
    const certificate = await this.#certificateOf(link.origin);
    if (!certificate) return undefined;
    const known = standingOf(certificate, link) !== 'unknown';
    if (known || certificate.fingerprint === fingerprint) return pinOf(certificate);
    throw new ProtocolError(
      'node-untrusted',
      `The node at ${link.origin} made its certificate itself. Compare its SHA-256 fingerprint with the one that whoever runs the node sees: ${certificate.fingerprint}`,
    );
  }
}

/** Speaks to a node by a way of its own, which is closed again. */
async function ask<T>(
  origin: string,
  certificate: string | undefined,
  talk: (node: RemoteNode) => Promise<T>,
): Promise<T> {
  const gateway = await openNodeGateway({ origin, certificate, uiOrigins: [] });
  try {
    return await talk(remoteNode(origin, gateway.url));
  } finally {
    await gateway.close();
  }
}

/** Makes sure that the member may have rooms there. Answers the node's name. */
async function enrolOn(
  node: RemoteNode,
  member: Identity,
  token: string | undefined,
): Promise<string> {
  const { name } = await node.look();
  let session = await node.signIn(member);
  if (token !== undefined) {
    await node.enrol(token, session);
    session = await node.signIn(member);
  }
  if (session.scopes.includes('stream:create')) return name;
  throw new ProtocolError(
    'forbidden',
    `On ${name} only enrolled members can have rooms. Ask whoever runs it for an invitation to enrol, and paste its whole link here.`,
  );
}

function pinOf(certificate: PeerCertificate | undefined): string | undefined {
  return certificate && !certificate.trusted ? certificate.pem : undefined;
}

/** Throws `node-untrusted` where the invitation names another certificate. */
function standingOf(
  { trusted, fingerprint }: PeerCertificate,
  invitation: EnrolmentLink,
): 'trusted' | 'invited' | 'unknown' {
  if (trusted) return 'trusted';
  if (invitation.fingerprint === undefined) return 'unknown';
  if (invitation.fingerprint === fingerprint) return 'invited';
  throw new ProtocolError(
    'node-untrusted',
    `The node at ${invitation.origin} shows another certificate than the invitation names: somebody may be in between, or the node has a new one. Ask for a new invitation.`,
  );
}
