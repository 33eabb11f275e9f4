import { z } from 'zod';
import { Environment } from '../../protocol/node.ts';
import { Reach } from '../../protocol/reach.ts';
import { DEFAULT_RETENTION_DAYS } from '../../protocol/recordings.ts';
import { DEFAULT_COPIES, MAX_COPIES } from '../../protocol/replicas.ts';
import { RecogniserSettings, SummariserSettings } from '../../protocol/summaries.ts';
import type { SettingsStore } from '../hosts/host.ts';
import { IceUrl } from '../turn/ice-url.ts';
import { migrateSettings, type SettingsStep } from './migrate-settings.ts';

/** Every setting, its bounds and what holds where nothing was set. */
const schemas = {
  /** Days a new recording is kept. */
  retentionDays: z.int().min(1).max(3650).default(DEFAULT_RETENTION_DAYS),
  /** Most that recordings may take, in GB (10^9 bytes); 0 for no limit. */
  recordingsQuotaGb: z.number().min(0).max(1_000_000).default(0),
  /** Where exported recordings are put: an absolute path; empty for `exports` in the data folder. */
  exportFolder: z.string().max(4096).default(''),
  /** Which features are offered, see `Environment`. */
  environment: Environment.default('general'),
  /**
   * The browser host's own origin, kept from start to start: a browser ties camera permission and
   * local storage to it. 0 until the first start.
   */
  bridgePort: z.int().min(0).max(65_535).default(0),
  /** Whether people on other devices reach this studio. */
  reach: Reach.default('this-computer'),
  /** The port they reach it on, kept so that links and forwarded ports hold. 0 until the first. */
  networkPort: z.int().min(0).max(65_535).default(0),
  /** The node that rooms live on; `null` for this studio's own. */
  home: z
    .object({
      origin: z.url(),
      /** What it was called when it was chosen. */
      name: z.string(),
      /** PEM of the only certificate to accept there; `null` for what this computer trusts. */
      certificate: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** Copies of each recording on other nodes, where there are so many. */
  copiesWanted: z.int().min(0).max(MAX_COPIES).default(DEFAULT_COPIES),
  /** STUN and TURN servers for everybody in a room, in the order in which to try them. */
  turnUrls: z.array(IceUrl).max(16).default([]),
  /** Absolute path of the file with the secret shared with the TURN servers; empty for none. */
  turnSecretFile: z.string().default(''),
  /** What turns speech into text, see `RecogniserSettings`. */
  recogniser: RecogniserSettings.default({ kind: 'none' }),
  /** What makes bullets of a transcript, see `SummariserSettings`. */
  summariser: SummariserSettings.default({ kind: 'extract' }),
  /** Most people of one room who may be relayed at a time. */
  turnRelayedPerRoom: z.int().min(1).max(1000).default(6),
};

type Schemas = typeof schemas;
export type SettingName = keyof Schemas;
export type SettingValue<N extends SettingName> = z.output<Schemas[N]>;

/** One entry per version since the first; never edit one that has shipped. */
const steps: readonly SettingsStep[] = [];

/** The studio's settings, typed and migrated, over whatever store the host has. */
export class Settings {
  readonly #store: SettingsStore;
  readonly #onInvalid: (name: SettingName, problem: string) => void;

  /**
   * @param onInvalid told when a stored value (a file edited by hand) can't be used and the
   *   default holds instead.
   */
  constructor(store: SettingsStore, onInvalid: (name: SettingName, problem: string) => void) {
    migrateSettings(store, steps);
    this.#store = store;
    this.#onInvalid = onInvalid;
  }

  get<N extends SettingName>(name: N): SettingValue<N> {
    const schema: z.ZodType<SettingValue<N>> = schemas[name] as never;
    const stored = schema.safeParse(this.#store.get(name));
    if (stored.success) return stored.data;
    this.#onInvalid(name, z.prettifyError(stored.error));
    return schema.parse(undefined);
  }

  /** Throws a `ZodError` for a value out of bounds. */
  set<N extends SettingName>(name: N, value: SettingValue<N>): void {
    this.#store.set(name, schemas[name].parse(value));
  }
}
