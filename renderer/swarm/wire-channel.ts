/** An ordered, reliable way to one other viewer. */
export interface WireChannel {
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Bytes that wait to be sent. */
  readonly bufferedBytes: number;
  /** Resolves when little waits to be sent, or when the channel has closed. */
  drained(): Promise<void>;
  close(): void;
  onMessage: (data: string | ArrayBuffer) => void;
  onClosed: () => void;
}
