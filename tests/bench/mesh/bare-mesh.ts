import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The reference for a mesh: the least that N pages need to see each other. A socket that numbers
 * people and relays what they say to one another, one bare RTCPeerConnection for each pair.
 */
export async function serveBareMesh(): Promise<{ url: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(page);
  });
  const sockets = new WebSocketServer({ server });
  const people = new Map<number, WebSocket>();
  let latest = 0;
  sockets.on('connection', (socket: WebSocket) => {
    const self = ++latest;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { to?: number };
      if (message.to !== undefined) {
        people.get(message.to)?.send(JSON.stringify({ ...message, from: self }));
        return;
      }
      socket.send(JSON.stringify({ others: [...people.keys()] }));
      people.set(self, socket);
    });
    socket.on('close', () => people.delete(self));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
    },
  };
}

const page = `<!doctype html><meta charset="utf-8"><title>Bare mesh</title>
<button>Join room</button>
<script type="module">
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true, video: { width: 640, height: 360 },
  });
  const socket = new WebSocket(location.href.replace('http', 'ws'));
  await new Promise((resolve) => { socket.onopen = resolve; });
  const send = (message) => socket.send(JSON.stringify(message));
  const connections = new Map();
  function connectionTo(other) {
    if (connections.has(other)) return connections.get(other);
    const pc = new RTCPeerConnection();
    connections.set(other, pc);
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    const video = Object.assign(document.createElement('video'), {
      autoplay: true, playsInline: true, muted: true,
    });
    video.dataset.remote = '';
    document.body.append(video);
    pc.onicecandidate = ({ candidate }) => send({ to: other, candidate });
    pc.ontrack = ({ streams }) => { video.srcObject = streams[0]; };
    return pc;
  }
  socket.onmessage = async ({ data }) => {
    const { others, from, description, candidate } = JSON.parse(data);
    for (const other of others ?? []) {
      const pc = connectionTo(other);
      await pc.setLocalDescription();
      send({ to: other, description: pc.localDescription });
    }
    if (from === undefined) return;
    const pc = connectionTo(from);
    if (description?.type === 'offer') {
      await pc.setRemoteDescription(description);
      await pc.setLocalDescription();
      send({ to: from, description: pc.localDescription });
    } else if (description) {
      await pc.setRemoteDescription(description);
    } else if (candidate) {
      await pc.addIceCandidate(candidate);
    }
  };
  document.querySelector('button').onclick = () => send({});
  document.documentElement.dataset.ready = 'true';
</script>`;
