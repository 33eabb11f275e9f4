/// <reference path="../ambient/simple-peer.d.ts" />
import type SimplePeer from 'simple-peer/simplepeer.min.js';

/**
 * Keeps a connection alive whose ICE failed. simple-peer 9.11.1 destroys itself then (index.js,
 * lines 698 and 719, which the handlers set in lines 111 to 119 come to), although ICE can be
 * restarted on it (RFC 8839, section 4.4.1.1). A connection whose DTLS is over is not kept: no
 * restart brings it back.
 */
export function surviveIceFailure(connection: RTCPeerConnection): void {
  const isRestartable = () =>
    (connection.iceConnectionState === 'failed' || connection.connectionState === 'failed') &&
    isDtlsAlive(connection);
  const { oniceconnectionstatechange, onicegatheringstatechange, onconnectionstatechange } =
    connection;
  connection.oniceconnectionstatechange = (event) => {
    if (!isRestartable()) oniceconnectionstatechange?.call(connection, event);
  };
  // A restart gathers while the state is still `failed`.
  connection.onicegatheringstatechange = (event) => {
    if (!isRestartable()) onicegatheringstatechange?.call(connection, event);
  };
  connection.onconnectionstatechange = (event) => {
    if (!isRestartable()) onconnectionstatechange?.call(connection, event);
  };
}

function isDtlsAlive(connection: RTCPeerConnection): boolean {
  const transports = [
    connection.sctp?.transport,
    ...connection.getTransceivers().map(({ sender }) => sender.transport),
  ];
  const states = transports.flatMap((transport) => transport?.state ?? []);
  return !states.some((state) => state === 'failed' || state === 'closed');
}

/**
 * Offers new ICE credentials and candidates on the same connection (initiator only). An offer
 * that has no answer yet is told again instead: it, or its answer, may have been lost on the way.
 */
export function restartIce(
  peer: Pick<SimplePeer, 'negotiate'>,
  connection: RTCPeerConnection,
  tell: (offer: { type: 'offer'; sdp: string }) => void,
): void {
  const pending = connection.pendingLocalDescription;
  if (pending?.type === 'offer') {
    tell({ type: 'offer', sdp: pending.sdp });
    return;
  }
  connection.restartIce();
  peer.negotiate();
}

/** Servers for the next gathering: that of a restart. What stands goes on as it is. */
export function setIceServers(
  connection: RTCPeerConnection,
  servers: readonly RTCIceServer[],
): void {
  connection.setConfiguration({ ...connection.getConfiguration(), iceServers: [...servers] });
}

/** Whether a candidate belongs to the generation of this description (RFC 8838, section 4.1). */
export function isOfGeneration(candidate: RTCIceCandidateInit, sdp: string): boolean {
  const named = / ufrag (\S+)/.exec(candidate.candidate ?? '')?.[1];
  const fragment = candidate.usernameFragment ?? named;
  return fragment === undefined || sdp.split(/\r?\n/).includes(`a=ice-ufrag:${fragment}`);
}
