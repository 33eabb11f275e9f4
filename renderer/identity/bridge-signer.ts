import type { Signer } from '../api/client.ts';
import type { Bridge } from '../bridge/bridge.ts';

/** The member's own key: it stays in main, which signs what the window asks for. */
export async function createBridgeSigner(bridge: Pick<Bridge, 'call'>): Promise<Signer> {
  const { publicKey } = await bridge.call('identity.profile', undefined);
  return {
    publicKey,
    async signNonce(nonce, audience) {
      if (audience === undefined) throw new Error('The member’s key signs for a named node alone.');
      return (await bridge.call('identity.signNonce', { nonce, audience })).signature;
    },
    signFingerprint: async (proof) =>
      (await bridge.call('identity.signFingerprint', proof)).signature,
    signModeration: async (event) =>
      (await bridge.call('identity.signModeration', { event })).signature,
    signChat: async (said) => (await bridge.call('identity.signChat', said)).signature,
  };
}
