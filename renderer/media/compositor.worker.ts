/// <reference path="../ambient/insertable-streams.d.ts" />
/// <reference path="../ambient/worker-fonts.d.ts" />
import { Composition } from './composition.ts';
import type { CompositorCommand, CompositorReport } from './compositor-messages.ts';
import { loadProgrammeFont } from './programme-font.ts';

let composition: Composition | undefined;

/** The window hands over a port first, then speaks through it. */
addEventListener('message', ({ ports: [port] }: MessageEvent) => {
  if (!port) return;
  const report = (message: CompositorReport) => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<CompositorCommand>) => obey(data, report);
});

function obey(command: CompositorCommand, report: (report: CompositorReport) => void): void {
  switch (command.type) {
    case 'start':
      composition = new Composition(command.format, command.writable, report);
      loadProgrammeFont(fonts).then(
        (family) => composition?.setFont(family),
        (error) => console.warn('Names are painted in the system’s font.', error),
      );
      return;
    case 'tiles':
      composition?.setTiles(command.tiles);
      return;
    case 'source':
      composition?.addSource(command.id, command.readable);
      return;
    case 'source-gone':
      composition?.removeSource(command.id);
      return;
    case 'stop':
      // The recorder was refused before there was anything to compose.
      if (!composition) report({ type: 'stopped' });
      void composition?.stop().catch((error) => {
        report({ type: 'failed', message: String(error) });
      });
      composition = undefined;
      return;
  }
}
