import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PutSink, type ReceiveFile } from '../../../main/recording/packaging/put-sink.ts';

async function openSink(receive: ReceiveFile) {
  const failure = Promise.withResolvers<unknown>();
  const sink = await PutSink.open(receive, failure.resolve);
  onTestFinished(() => sink.close());
  return { sink, failed: failure.promise };
}

/** Sends bytes as they are and hangs up, as ffmpeg does, without waiting for an answer. */
async function sendAndHangUp(url: string, body: string): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = `PUT ${pathname} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`;
  socket.end(head + body);
  socket.resume();
  socket.on('error', () => socket.destroy());
}

describe('the place where ffmpeg puts its files', () => {
  it('takes a file under its secret path', async () => {
    const received: string[] = [];
    const { sink } = await openSink(async (name, body) => {
      let bytes = '';
      for await (const chunk of body) bytes += Buffer.from(chunk).toString();
      received.push(`${name}: ${bytes}`);
    });
    const response = await fetch(`${sink.url}init.mp4`, { method: 'PUT', body: 'media' });
    expect(response.status).toBe(201);
    expect(received).toEqual(['init.mp4: media']);
    expect(new URL(sink.url).hostname).toBe('127.0.0.1');
  });

  it('refuses who does not know the path, other methods and other names', async () => {
    const { sink } = await openSink(async () => {
      throw new Error('must not be reached');
    });
    const put = (url: string, method = 'PUT') => fetch(url, { method }).then((r) => r.status);
    expect(await put(new URL('/init.mp4', sink.url).href)).toBe(404);
    expect(await put(new URL('/guess/init.mp4', sink.url).href)).toBe(404);
    expect(await put(`${sink.url}init.mp4`, 'GET')).toBe(404);
    expect(await put(`${sink.url}sub/init.mp4`)).toBe(404);
    expect(await put(`${sink.url}..%2finit.mp4`)).toBe(404);
  });

  it('keeps a file whose sender hung up after the last byte, however slowly it is read', async () => {
    const read = Promise.withResolvers<string>();
    const { sink } = await openSink(async (_name, body) => {
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      read.resolve(await text(body as AsyncIterable<Uint8Array> & NodeJS.ReadableStream));
    });
    await sendAndHangUp(`${sink.url}init.mp4`, '5\r\nmedia\r\n0\r\n\r\n');
    expect(await read.promise).toBe('media');
  });

  it('reports a file whose sender hung up before the last byte', async () => {
    const { sink, failed } = await openSink(async (_name, body) => {
      for await (const _chunk of body);
    });
    await sendAndHangUp(`${sink.url}init.mp4`, '5\r\nmedia\r\n9\r\nmo');
    expect(await failed).toMatchObject({ message: 'aborted' });
  });
});
