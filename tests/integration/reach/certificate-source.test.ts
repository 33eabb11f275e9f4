import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSecretStore } from '../../../main/hosts/file-secret-store.ts';
import { SecretFiles } from '../../../main/hosts/secret-files.ts';
import { makeCertificate } from '../../../main/reach/certificate.ts';
import {
  CERTIFICATE_SECRET,
  givenCertificate,
  ownCertificate,
} from '../../../main/reach/certificate-source.ts';

const now = Date.now();
const clock = () => now;
const hosts = ['192.168.1.20'];
let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'swarm-reach-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the certificate a node makes itself', () => {
  const secretsIn = (folder: string) =>
    new FileSecretStore(new SecretFiles(folder, () => undefined));

  it('is kept where only the user can read it, and is the same after a restart', async () => {
    const secrets = join(dir, 'secrets');
    const first = await ownCertificate({ secrets: secretsIn(secrets), clock }).current(hosts);
    const [file = ''] = await readdir(secrets);
    expect((await stat(join(secrets, file))).mode & 0o777).toBe(0o600);
    const second = await ownCertificate({ secrets: secretsIn(secrets), clock }).current(hosts);
    expect(second).toEqual(first);
  });

  it('is made anew where what is kept can’t be used', async () => {
    const secrets = secretsIn(dir);
    await secrets.set(CERTIFICATE_SECRET, new TextEncoder().encode('{"cert":"no","key":"no"}'));
    const made = await ownCertificate({ secrets, clock }).current(hosts);
    expect(made.cert).toMatch(/BEGIN CERTIFICATE/);
  });
});

describe('a certificate from files', () => {
  const files = () => ({ cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') });
  async function put(pair: { cert: string; key: string }): Promise<void> {
    await writeFile(files().cert, pair.cert);
    await writeFile(files().key, pair.key);
  }

  it('is read again, so that a renewed one is taken up', async () => {
    const source = givenCertificate(files(), clock);
    const [first, second] = [await makeCertificate(hosts, now), await makeCertificate(hosts, now)];
    await put(first);
    expect((await source.current(hosts)).cert).toBe(first.cert);
    await put(second);
    expect((await source.current(hosts)).cert).toBe(second.cert);
  });

  it('is refused when it is missing, expired, damaged, or its key is another’s', async () => {
    const source = givenCertificate(files(), clock);
    const refusal = (sentence: RegExp) =>
      expect.objectContaining({
        code: 'certificate-unusable',
        message: expect.stringMatching(sentence),
      });
    await expect(source.current(hosts)).rejects.toEqual(refusal(/can't be read/));

    const pair = await makeCertificate(hosts, now);
    const other = await makeCertificate(hosts, now);
    await put({ cert: pair.cert, key: other.key });
    await expect(source.current(hosts)).rejects.toEqual(refusal(/does not belong/));

    await put({ cert: 'no certificate', key: pair.key });
    await expect(source.current(hosts)).rejects.toEqual(refusal(/must be PEM/));

    await put(await makeCertificate(hosts, now - 400 * 24 * 60 * 60 * 1000));
    await expect(source.current(hosts)).rejects.toEqual(refusal(/expired on/));
  });
});
