import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { audienceMark } from '../../../main/identity/audience-mark.ts';
import { Challenges } from '../../../main/identity/challenges.ts';
import { Identity, type IdentityOptions } from '../../../main/identity/identity.ts';
import { openDatabase } from '../../../main/storage/database.ts';
import { dtlsProofText } from '../../../protocol/identity.ts';
import { MemorySecrets } from '../rendezvous/node.ts';

const NODE = 'https://rooms.example';

function installation(userName = 'ann'): IdentityOptions {
  return {
    secrets: new MemorySecrets(),
    db: openDatabase(':memory:'),
    clock: () => 0,
    systemUserName: () => userName,
  };
}

function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

describe('the member of this studio', () => {
  it('keeps key and profile over a restart', async () => {
    const options = installation();
    const first = await Identity.open(options);
    first.update({ handle: 'ann-2', displayName: ' Ann the Second ' });
    const second = await Identity.open(options);
    expect(second.publicKey).toBe(first.publicKey);
    expect(second.profile()).toEqual({
      userId: first.userId,
      publicKey: first.publicKey,
      handle: 'ann-2',
      displayName: 'Ann the Second',
    });
  });

  it('has a different key on every installation', async () => {
    const [one, other] = [await Identity.open(installation()), await Identity.open(installation())];
    expect(one.userId).not.toBe(other.userId);
    expect(one.userId).toMatch(/^u_[A-Za-z0-9_-]{22}$/);
  });

  it('starts with the name of the system’s user', async () => {
    const identity = await Identity.open(installation('Ann Smith'));
    expect(identity.profile()).toMatchObject({ handle: 'ann-smith', displayName: 'Ann Smith' });
    expect(identity.profileChosen).toBe(false);
    identity.update({ handle: 'ann', displayName: 'Ann' });
    expect(identity.profileChosen).toBe(true);
  });

  it('refuses a handle that is not one, and keeps the old profile', async () => {
    const identity = await Identity.open(installation());
    expect(() => identity.update({ handle: 'Not A Handle', displayName: 'x' })).toThrow();
    expect(() => identity.update({ handle: 'fine', displayName: ' ' })).toThrow();
    expect(identity.profile().handle).toBe('ann');
  });

  it('signs a challenge’s nonce with its key', async () => {
    const identity = await Identity.open(installation());
    const { nonce } = new Challenges(() => 0).issue(identity.publicKey, NODE);
    const { publicKey, signature } = identity.signNonce(nonce, NODE);
    expect(isSignedBy(publicKey, nonce, signature)).toBe(true);
  });

  it('signs no nonce that another node made for its own clients, and none that names nobody', async () => {
    const identity = await Identity.open(installation());
    const challenges = new Challenges(() => 0);
    const passedOn = challenges.issue(identity.publicKey, 'https://other.example').nonce;
    const nameless = challenges.issue(identity.publicKey).nonce;
    for (const nonce of [passedOn, nameless, audienceMark(NODE)]) {
      expect(() => identity.signNonce(nonce, NODE)).toThrow(
        expect.objectContaining({ code: 'node-untrusted' }),
      );
    }
  });

  it('does not sign as a nonce what could be a fingerprint’s proof or a manifest', async () => {
    const identity = await Identity.open(installation());
    const proof = dtlsProofText({ roomId: 'r', from: 'a', to: 'b', fingerprint: 'sha-256 AB' });
    for (const text of [proof, '{"version":1}', 'short', `${'a'.repeat(20)}\n`]) {
      expect(() => identity.signNonce(text, NODE)).toThrow(
        expect.objectContaining({ code: 'validation-failed' }),
      );
    }
  });

  it('binds a fingerprint to itself', async () => {
    const identity = await Identity.open(installation());
    const proof = { roomId: 'room_1', from: 'peer_a', to: 'peer_b', fingerprint: 'sha-256 AB:CD' };
    const { signature } = identity.signFingerprint(proof);
    expect(isSignedBy(identity.publicKey, dtlsProofText(proof), signature)).toBe(true);
    const other = dtlsProofText({ ...proof, to: 'peer_c' });
    expect(isSignedBy(identity.publicKey, other, signature)).toBe(false);
  });

  it('says so when the stored key is damaged, instead of making a new person', async () => {
    const options = installation();
    await options.secrets.set('identity-key', new Uint8Array([1, 2, 3]));
    await expect(Identity.open(options)).rejects.toThrow();
  });
});
