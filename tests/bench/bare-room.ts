import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The reference for joining: the least that two pages need to see each other. One socket that
 * relays whatever it hears to the others, a bare RTCPeerConnection on each side, candidates
 * trickled, no sessions, no tickets, no roster.
 */
export async function serveBareRoom(): Promise<{ url: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(page);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('message', (data, isBinary) => {
      for (const other of sockets.clients) {
        if (other !== socket) other.send(data, { binary: isBinary });
      }
    });
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

const page = `<!doctype html><meta charset="utf-8"><title>Bare room</title>
<button>Join room</button><video data-remote autoplay playsinline muted></video>
<script type="module">
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true, video: { width: 640, height: 360 },
  });
  const socket = new WebSocket(location.href.replace('http', 'ws'));
  await new Promise((resolve) => { socket.onopen = resolve; });
  const send = (message) => socket.send(JSON.stringify(message));
  const video = document.querySelector('video');
  let pc;
  let clickedAt;
  function connect() {
    pc?.close();
    pc = new RTCPeerConnection();
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    pc.onicecandidate = ({ candidate }) => send({ candidate });
    pc.ontrack = ({ streams }) => {
      if (video.srcObject === streams[0]) return;
      video.srcObject = streams[0];
      video.requestVideoFrameCallback((now) => {
        if (clickedAt !== undefined) window.joinToFirstFrameMs ??= now - clickedAt;
      });
    };
  }
  socket.onmessage = async ({ data }) => {
    const { description, candidate } = JSON.parse(data);
    if (description?.type === 'offer') {
      connect();
      await pc.setRemoteDescription(description);
      await pc.setLocalDescription();
      send({ description: pc.localDescription });
    } else if (description) {
      await pc.setRemoteDescription(description);
    } else if (candidate) {
      await pc.addIceCandidate(candidate);
    }
  };
  document.querySelector('button').onclick = async () => {
    clickedAt = performance.now();
    connect();
    await pc.setLocalDescription();
    send({ description: pc.localDescription });
  };
  document.documentElement.dataset.ready = 'true';
</script>`;
