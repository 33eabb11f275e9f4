import { describe, expect, it } from 'vitest';
import { MailCipher } from '../../../main/cluster/mail-cipher.ts';
import { OperatorSecret } from '../../../main/cluster/operator-secret.ts';

const cipherOf = (secret: string) => new MailCipher(new OperatorSecret(secret));
const envelope = { from: 'node_a', to: 'node_b', n: 7 };

describe('mail between nodes', () => {
  it('opens for who has the secret, as it was sealed', () => {
    const sealed = cipherOf('of the operators').seal('“What nodes say”', envelope);
    expect(cipherOf('of the operators').open(sealed, envelope)).toBe('“What nodes say”');
    expect(cipherOf('of somebody else').open(sealed, envelope)).toBeUndefined();
  });

  it.each([
    { ...envelope, from: 'node_c' },
    { ...envelope, to: 'node_c' },
    { ...envelope, n: 8 },
    { ...envelope, n: Number.NaN },
  ])('does not open as %j', (other) => {
    const cipher = cipherOf('of the operators');
    expect(cipher.open(cipher.seal('text', envelope), other)).toBeUndefined();
  });

  it('does not open when a bit is flipped, or a part is missing', () => {
    const cipher = cipherOf('of the operators');
    const sealed = Buffer.from(cipher.seal('text', envelope), 'base64url');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(cipher.open(changed.toString('base64url'), envelope)).toBeUndefined();
      const cut = sealed.subarray(0, at).toString('base64url');
      expect(cipher.open(cut, envelope)).toBeUndefined();
    }
  });
});
