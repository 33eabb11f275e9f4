/**
 * The part of simple-peer 9.11.1 that is used. Its bundle is imported because the sources need
 * Node's `Buffer` and streams, which the bundle carries; `@types/simple-peer` would bring all of
 * Node's types into the window.
 */
declare module 'simple-peer/simplepeer.min.js' {
  export type SignalData =
    | { type: 'offer' | 'answer'; sdp: string }
    | { type: 'candidate'; candidate: RTCIceCandidateInit }
    | { type: 'renegotiate'; renegotiate: true }
    | {
        type: 'transceiverRequest';
        transceiverRequest: { kind: 'audio' | 'video'; init?: RTCRtpTransceiverInit };
      };

  export interface Options {
    initiator: boolean;
    config: RTCConfiguration;
    trickle: boolean;
  }

  export default class SimplePeer {
    constructor(options: Options);
    /** Undocumented; absent once the peer is destroyed. */
    readonly _pc: RTCPeerConnection | null;
    readonly destroyed: boolean;
    /** Whether its data channel is open. */
    readonly connected: boolean;
    /** Undocumented: makes an offer, once the one under way has its answer (initiator). */
    negotiate(): void;
    /** Over its data channel; throws where that is not open. */
    send(text: string): void;
    signal(data: SignalData): void;
    addTrack(track: MediaStreamTrack, stream: MediaStream): void;
    replaceTrack(
      oldTrack: MediaStreamTrack,
      newTrack: MediaStreamTrack | null,
      stream: MediaStream,
    ): void;
    addTransceiver(kind: 'audio' | 'video', init?: RTCRtpTransceiverInit): void;
    destroy(error?: Error): void;
    on(event: 'signal', listener: (data: SignalData) => void): this;
    on(event: 'connect' | 'close', listener: () => void): this;
    /** One message of the data channel, text as UTF-8. */
    on(event: 'data', listener: (data: Uint8Array) => void): this;
    on(event: 'error', listener: (error: Error & { code?: string }) => void): this;
  }
}
