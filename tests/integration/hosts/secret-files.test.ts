import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSecretStore, SEALED } from '../../../main/hosts/file-secret-store.ts';
import { SecretFiles } from '../../../main/hosts/secret-files.ts';

describe('secrets in files', () => {
  let dir: string;
  let warnings: string[];
  let files: SecretFiles;
  let store: FileSecretStore;

  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'swarm-secrets-')), 'secrets');
    warnings = [];
    files = new SecretFiles(dir, (sentence) => warnings.push(sentence));
    store = new FileSecretStore(files);
  });
  afterEach(() => rm(join(dir, '..'), { recursive: true }));

  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

  it('come back as they were, and only the one who wrote them can read them', async () => {
    const secret = new Uint8Array([0, 1, 2, 255]);
    await store.set('identity', secret);
    expect(await store.get('identity')).toEqual(secret);
    expect(await modeOf(dir)).toBe('700');
    expect(await modeOf(join(dir, 'identity.key'))).toBe('600');
    expect(warnings).toEqual([]);
  });

  it('are replaced whole, leaving nothing beside them', async () => {
    await store.set('identity', new Uint8Array(32).fill(1));
    await store.set('identity', new Uint8Array(32).fill(2));
    expect(await store.get('identity')).toEqual(new Uint8Array(32).fill(2));
    expect(await readdir(dir)).toEqual(['identity.key']);
  });

  it('that others could read are closed to them, and the person is told', async () => {
    await store.set('identity', new Uint8Array([1]));
    await chmod(dir, 0o755);
    await chmod(join(dir, 'identity.key'), 0o644);
    await store.get('identity');
    expect(await modeOf(dir)).toBe('700');
    expect(await modeOf(join(dir, 'identity.key'))).toBe('600');
    expect(warnings).toEqual([
      expect.stringContaining('(mode 755)'),
      expect.stringContaining('(mode 644)'),
    ]);
  });

  it('that do not exist are not invented', async () => {
    expect(await store.get('identity')).toBeUndefined();
  });

  it('that the key ring has sealed are not replaced by new ones', async () => {
    await files.write('identity', SEALED, new Uint8Array([9]));
    await expect(store.get('identity')).rejects.toMatchObject({ code: 'secrets-locked' });
    expect(await readdir(dir)).toEqual(['identity.sealed']);
  });

  it('can’t be named so that they end up elsewhere', async () => {
    for (const name of ['../identity', '', 'a/b', 'A', '.hidden']) {
      await expect(store.set(name, new Uint8Array([1]))).rejects.toThrow(/can't name a secret/);
    }
  });

  it('that can’t be written are reported, and the old one stays', async () => {
    await store.set('identity', new Uint8Array([1]));
    await writeFile(join(dir, '..', 'in-the-way'), '');
    const blocked = new FileSecretStore(
      new SecretFiles(join(dir, '..', 'in-the-way'), () => undefined),
    );
    await expect(blocked.set('identity', new Uint8Array([2]))).rejects.toThrow();
    expect(await store.get('identity')).toEqual(new Uint8Array([1]));
  });
});
