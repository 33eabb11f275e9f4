import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { PlacementOverview, VolunteerNode } from '../../../protocol/replicas.ts';
import { type Clock, isoTime } from '../../clock.ts';
import type { Home, KnownNode } from '../../home/home.ts';
import type { Identity } from '../../identity/identity.ts';
import type { Members } from '../../identity/members.ts';
import type { RecordingService } from '../../recording/recording-service.ts';
import type { Settings } from '../../settings/settings.ts';
import { type Copy, CopyStore } from './copy-store.ts';
import { CopyWorker } from './copy-worker.ts';
import { planPlacement } from './placement-plan.ts';
import { ReplicaSource } from './replica-source.ts';
import { openVolunteer, type VolunteerClient } from './volunteer-client.ts';

/** A node that failed is left alone for so long, twice as long each time. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** What a node said of its room holds for so long. */
const OFFER_HOLDS_MS = 10 * 60_000;
/** Refusals by which a node says that it won't have it, now or ever. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['not-volunteering', 'quota-exceeded', 'forbidden', 'replica-deleted'],
  ...['manifest-invalid', 'terms-invalid'],
]);

/** What is known of a node since the start. */
interface Standing {
  standing: VolunteerNode['standing'];
  freeBytes: number | undefined;
  askedAtMs: number;
  failures: number;
  notBeforeMs: number;
  trouble: { code: string; message: string } | undefined;
}

export interface PlacementServiceOptions {
  db: DatabaseSync;
  recordings: RecordingService;
  members: Members;
  identity: Identity;
  home: Home;
  settings: Settings;
  clock: Clock;
  /** Whether the uplink is needed for something else, e.g. a live room. */
  held: () => boolean;
  logger: Logger;
}

/**
 * Has copies of this studio's recordings kept by other nodes, as many as are wished for: it places
 * them, asks them to prove that they are there, replaces those that are not, and has them deleted
 * with the recording. What can't be done now is done at a later look.
 */
export class PlacementService extends EventEmitter<{ changed: [] }> {
  readonly #options: PlacementServiceOptions;
  readonly #store: CopyStore;
  readonly #source: ReplicaSource;
  readonly #worker: CopyWorker;
  readonly #standings = new Map<string, Standing>();
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #origins: readonly string[] | undefined;
  #again = false;

  constructor(options: PlacementServiceOptions) {
    super();
    this.#options = options;
    const { db, recordings, members, identity, clock, held } = options;
    this.#store = new CopyStore(db);
    this.#source = new ReplicaSource({ recordings, members });
    this.#worker = new CopyWorker({
      ...{ store: this.#store, source: this.#source, identity, clock, held },
      entryOf: (recordingId) => {
        const entry = recordings.library.catalogue.get(recordingId);
        return entry?.state === 'ready' ? entry : undefined;
      },
      changed: () => this.emit('changed'),
    });
    this.on('changed', () => {
      this.#origins = undefined;
    });
    recordings.on('changed', (_roomId, { state }) => {
      if (state === 'ready' || state === 'expired') void this.look();
    });
  }

  /** Where whole copies of a recording are. */
  copiesOf(recordingId: string): string[] {
    return this.#wholeOf(this.#store.copiesOf(recordingId));
  }

  /** All nodes that have a whole copy of something. */
  origins(): readonly string[] {
    this.#origins ??= [...new Set(this.#wholeOf(this.#store.copies()))];
    return this.#origins;
  }

  overview(): PlacementOverview {
    const copies = this.#store.copies();
    const names = new Map(this.#nodes().map(({ origin, name }) => [origin, name]));
    const recordingIds = [...new Set(copies.map(({ recordingId }) => recordingId))];
    return {
      wanted: this.#options.settings.get('copiesWanted'),
      nodes: this.#nodes().map((node) => this.#nodeView(node, copies)),
      recordings: recordingIds.map((recordingId) => ({
        recordingId,
        copies: copies
          .filter((copy) => copy.recordingId === recordingId)
          .map((copy) => ({
            origin: copy.origin,
            nodeName: names.get(copy.origin) ?? copy.origin,
            state: copy.state,
            heldBytes: copy.heldBytes,
            sizeBytes: copy.sizeBytes,
            ...(copy.provenAtMs !== undefined && { provenAt: isoTime(copy.provenAtMs) }),
            ...(copy.trouble && { trouble: copy.trouble }),
          })),
      })),
    };
  }

  /** Rejects as `Home.enrol` does, and with `not-volunteering`. */
  async addNode(address: string, fingerprint?: string): Promise<PlacementOverview> {
    const node = await this.#options.home.enrol(address, fingerprint);
    const client = await openVolunteer(node, this.#options.identity, this.#closing.signal);
    try {
      const { volunteers } = await client.offer();
      if (!volunteers) {
        throw new ProtocolError(
          'not-volunteering',
          `${node.name} keeps no copies for others. Whoever runs it can switch that on.`,
        );
      }
    } finally {
      await client.close();
    }
    this.#store.addVolunteer(node);
    this.#standings.delete(node.origin);
    void this.look();
    return this.overview();
  }

  /** Its copies are deleted, as soon as it can be reached. */
  removeNode(origin: string): PlacementOverview {
    this.#store.removeVolunteer(origin);
    void this.look();
    return this.overview();
  }

  /** @param wanted copies of each recording, 0 to `MAX_COPIES` */
  setWanted(wanted: number): PlacementOverview {
    this.#options.settings.set('copiesWanted', wanted);
    void this.look();
    return this.overview();
  }

  /** Looks at everything, and does what can be done now. Resolves when that is done. */
  look(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The studio is closing.'));
    await this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      try {
        await this.#askNodes();
        this.#applyPlan();
        for (const node of this.#places()) await this.#workOn(node);
      } catch (err) {
        if (this.#closing.signal.aborted) return;
        this.#options.logger.warn({ err }, 'copies could not be looked after; it is tried again');
      }
    }
  }

  /** What nodes have room for, where that was not asked lately. */
  async #askNodes(): Promise<void> {
    if (this.#options.settings.get('copiesWanted') === 0) return;
    for (const node of this.#nodes()) {
      const standing = this.#standingOf(node.origin);
      const nowMs = this.#options.clock();
      if (nowMs < standing.notBeforeMs || nowMs - standing.askedAtMs < OFFER_HOLDS_MS) continue;
      await this.#speakTo(node, async (client) => {
        const offer = await client.offer();
        standing.askedAtMs = this.#options.clock();
        standing.standing = offer.volunteers ? 'ready' : 'not-volunteering';
        standing.freeBytes = offer.volunteers ? offer.freeBytes : undefined;
      });
      this.emit('changed');
    }
  }

  #applyPlan(): void {
    const { clock, identity, settings } = this.#options;
    const ready = this.#nodes().flatMap(({ origin }) => {
      const { standing, freeBytes } = this.#standingOf(origin);
      return standing === 'ready' && freeBytes !== undefined ? [{ origin, freeBytes }] : [];
    });
    const plan = planPlacement({
      recordings: this.#source.recordingsOf(identity.userId),
      volunteers: ready,
      knownOrigins: new Set(this.#nodes().map(({ origin }) => origin)),
      copies: this.#store.copies(),
      wanted: settings.get('copiesWanted'),
      nowMs: clock(),
    });
    for (const copy of plan.lost) this.#store.update(copy, { state: 'lost' });
    for (const copy of plan.leave) {
      // What was never sent needs no word.
      if (copy.state === 'waiting' && copy.termsKey === undefined) this.#store.forget(copy);
      else this.#store.update(copy, { state: 'leaving' });
    }
    for (const { recordingId, origin, sizeBytes } of plan.place) {
      this.#store.place(recordingId, origin, sizeBytes);
    }
    this.emit('changed');
  }

  async #workOn(node: KnownNode): Promise<void> {
    if (this.#options.clock() < this.#standingOf(node.origin).notBeforeMs) return;
    const due: Copy[] = [];
    for (const copy of this.#store.copies()) {
      if (copy.origin === node.origin && (await this.#worker.isDue(copy))) due.push(copy);
    }
    if (due.length === 0) return;
    const { signal } = this.#closing;
    await this.#speakTo(node, async (client) => {
      for (const copy of due) {
        signal.throwIfAborted();
        try {
          await this.#worker.work(copy, client, signal);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          if (!this.#note(copy, error)) throw error;
        }
      }
    });
    // What turned out to be gone is sent now, and a copy that is whole is named in the others' terms.
    if (due.some((copy) => this.#stateOf(copy) !== copy.state)) this.#again = true;
  }

  /** Speaks to a node; what goes wrong with it is noted, never thrown. */
  async #speakTo(node: KnownNode, talk: (client: VolunteerClient) => Promise<void>): Promise<void> {
    const { identity, clock, logger } = this.#options;
    const standing = this.#standingOf(node.origin);
    try {
      const client = await openVolunteer(node, identity, this.#closing.signal);
      try {
        await talk(client);
      } finally {
        await client.close();
      }
      standing.failures = 0;
      standing.trouble = undefined;
    } catch (error) {
      if (this.#closing.signal.aborted) throw error;
      const { code, message } = error instanceof ProtocolError ? error : internal(error);
      logger.info({ err: error, origin: node.origin }, 'a node that keeps copies was not reached');
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** standing.failures, LONGEST_PAUSE_MS);
      standing.failures += 1;
      standing.notBeforeMs = clock() + pauseMs;
      standing.standing = code === 'forbidden' ? 'refuses' : 'unreachable';
      standing.trouble = { code, message };
      for (const copy of this.#store.copies()) {
        if (copy.origin !== node.origin || copy.failingSinceMs !== undefined) continue;
        this.#store.update(copy, { failingSinceMs: clock(), trouble: { code, message } });
      }
    }
    this.emit('changed');
  }

  /** Whether it is this copy's trouble alone, and not the node's. */
  #note(copy: Copy, { code, message }: ProtocolError): boolean {
    const trouble = { code, message };
    if (REFUSALS.has(code)) {
      this.#store.update(copy, { state: 'refused', trouble });
      this.#standingOf(copy.origin).askedAtMs = Number.NEGATIVE_INFINITY;
      this.#again = true;
      return true;
    }
    const isOwn = ['recording-damaged', 'hash-mismatch', 'terms-outdated', 'recording-expired'];
    if (!isOwn.includes(code)) return false;
    this.#store.update(copy, { trouble });
    return true;
  }

  #stateOf({ recordingId, origin }: Copy): Copy['state'] | undefined {
    return this.#store.get(recordingId, origin)?.state;
  }

  /** Nodes that take copies. */
  #nodes(): KnownNode[] {
    const home = this.#options.settings.get('home');
    const added = this.#store.volunteers();
    if (!home || added.some(({ origin }) => origin === home.origin)) return added;
    return [{ ...home, certificate: home.certificate ?? undefined }, ...added];
  }

  /** The same, and those that are only to delete what they have. */
  #places(): KnownNode[] {
    const nodes = this.#nodes();
    const known = new Set(nodes.map(({ origin }) => origin));
    const former = new Set(
      this.#store.copies().flatMap(({ origin }) => (known.has(origin) ? [] : [origin])),
    );
    return [
      ...nodes,
      ...[...former].map((origin) => ({
        origin,
        name: origin,
        certificate: this.#store.formerCertificate(origin),
      })),
    ];
  }

  #standingOf(origin: string): Standing {
    const known = this.#standings.get(origin);
    if (known) return known;
    const standing: Standing = {
      standing: 'unknown',
      freeBytes: undefined,
      askedAtMs: Number.NEGATIVE_INFINITY,
      failures: 0,
      notBeforeMs: Number.NEGATIVE_INFINITY,
      trouble: undefined,
    };
    this.#standings.set(origin, standing);
    return standing;
  }

  #nodeView({ origin, name }: KnownNode, copies: readonly Copy[]): VolunteerNode {
    const { standing, freeBytes, trouble } = this.#standingOf(origin);
    const isAdded = this.#store.volunteers().some((node) => node.origin === origin);
    return {
      origin,
      name,
      kind: isAdded ? 'added' : 'home',
      standing,
      ...(freeBytes !== undefined && { freeBytes }),
      copies: copies.filter((copy) => copy.origin === origin && copy.state === 'whole').length,
      ...(trouble && { trouble }),
    };
  }

  #wholeOf(copies: readonly Copy[]): string[] {
    return copies.filter(({ state }) => state === 'whole').map(({ origin }) => origin);
  }
}

function internal(error: unknown): { code: string; message: string } {
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
