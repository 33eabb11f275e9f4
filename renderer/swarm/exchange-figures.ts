import { createStore, type StoreApi } from 'zustand/vanilla';

/** Why nothing is exchanged with other viewers. */
export type ExchangePause = 'switched-off' | 'refused' | 'too-many-offenders' | 'unsupported';

/** What was had from whom since the player was opened. */
export interface ExchangeFigures {
  bytesFromPeers: number;
  bytesFromNode: number;
  bytesSent: number;
  /** Other viewers that are connected now. */
  peers: number;
  /** Segments that were thrown away because the host had not signed them. */
  badSegments: number;
  /** Set while nothing is exchanged. */
  paused: ExchangePause | undefined;
}

export type ExchangeStore = StoreApi<ExchangeFigures>;

export function createExchangeStore(): ExchangeStore {
  return createStore<ExchangeFigures>(() => ({
    bytesFromPeers: 0,
    bytesFromNode: 0,
    bytesSent: 0,
    peers: 0,
    badSegments: 0,
    paused: undefined,
  }));
}

/** 0 to 1; `undefined` before anything was had. */
export function shareFromPeers({
  bytesFromPeers,
  bytesFromNode,
}: Pick<ExchangeFigures, 'bytesFromPeers' | 'bytesFromNode'>): number | undefined {
  const bytes = bytesFromPeers + bytesFromNode;
  return bytes === 0 ? undefined : bytesFromPeers / bytes;
}
