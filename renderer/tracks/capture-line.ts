import type { CaptureCommand, CaptureReport } from './capture-messages.ts';

/** The window's end of the port to a worker that captures. */
export class CaptureLine {
  readonly #port: MessagePort;
  readonly #finished: Promise<void>;

  /**
   * @param order hands the worker its end.
   * @param hear told what the worker reports, until it has finished or is gone.
   */
  constructor(order: (port: MessagePort) => void, hear: (report: CaptureReport) => void) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#finished = new Promise((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<CaptureReport>) => {
        hear(data);
        if (data.type === 'finished') resolve();
      };
      // The worker was ended, with the room.
      port1.addEventListener('close', () => resolve());
    });
    order(port2);
  }

  tell(command: CaptureCommand, transfer: Transferable[] = []): void {
    this.#port.postMessage(command, transfer);
  }

  /** Resolves when all that was captured has been heard. Idempotent. */
  async finish(): Promise<void> {
    this.tell({ type: 'finish' });
    await this.#finished;
    this.#port.close();
  }
}
