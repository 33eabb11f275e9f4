import { afterEach, describe, expect, it, vi } from 'vitest';
import { LaunchSecret } from '../../../main/hosts/browser/launch-secret.ts';
import { takeLaunchSecret } from '../../../renderer/bridge/launch-secret.ts';

/** A page's address and tab storage, as far as the secret is concerned. */
function visit(address: string, stored: Record<string, string> = {}) {
  const url = new URL(address);
  vi.stubGlobal('location', url);
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored[key] ?? null,
    setItem: (key: string, value: string) => {
      stored[key] = value;
    },
  });
  vi.stubGlobal('history', {
    state: null,
    replaceState: (_state: unknown, _title: string, path: string) => {
      url.href = new URL(path, url).href;
    },
  });
  return { url, stored };
}

describe('the secret of a launch', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('moves from the address into the tab, and outlives a reload there', () => {
    const secret = new LaunchSecret();
    const { url, stored } = visit(`http://127.0.0.1:4000/#secret=${secret.value}`);
    expect(takeLaunchSecret()).toBe(secret.value);
    expect(url.href).toBe('http://127.0.0.1:4000/');
    visit(url.href, stored);
    expect(takeLaunchSecret()).toBe(secret.value);
  });

  it('leaves the rest of the address as it was', () => {
    const { url } = visit(`http://127.0.0.1:4000/join/x?a=1#secret=${'s'.repeat(43)}&invite=t.o.k`);
    takeLaunchSecret();
    expect(url.href).toBe('http://127.0.0.1:4000/join/x?a=1#invite=t.o.k');
  });

  it('is not taken from an address that holds something else in its place', () => {
    visit('http://127.0.0.1:4000/#secret=with,comma and spaces');
    expect(takeLaunchSecret()).toBe('none');
  });

  it('matches itself and nothing else', () => {
    const secret = new LaunchSecret();
    expect(secret.matches(secret.value)).toBe(true);
    expect(secret.matches('')).toBe(false);
    expect(secret.matches(secret.value.slice(0, -1))).toBe(false);
    expect(secret.matches(new LaunchSecret().value)).toBe(false);
  });

  it('can be had for an opening once, and not after a minute', () => {
    vi.useFakeTimers();
    const secret = new LaunchSecret();
    const opening = secret.newOpening();
    expect(secret.takeOpening('another')).toBe(false);
    expect(secret.takeOpening(opening)).toBe(true);
    expect(secret.takeOpening(opening)).toBe(false);
    const late = secret.newOpening();
    vi.advanceTimersByTime(60_000);
    expect(secret.takeOpening(late)).toBe(false);
  });
});
