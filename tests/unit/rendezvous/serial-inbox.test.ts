import { describe, expect, it } from 'vitest';
import { SerialInbox } from '../../../main/rendezvous/sockets/serial-inbox.ts';

describe('a socket’s messages', () => {
  it('are handled at once while nothing has to be waited for', () => {
    const handled: number[] = [];
    const inbox = new SerialInbox<number>((item) => {
      handled.push(item);
      return undefined;
    }, 10);
    inbox.put(1);
    inbox.put(2);
    expect(handled).toEqual([1, 2]);
  });

  it('wait for the one before them', async () => {
    const handled: string[] = [];
    const { promise: authenticated, resolve } = Promise.withResolvers<void>();
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const inbox = new SerialInbox<string>((item) => {
      handled.push(item);
      if (item === 'join') finish();
      return item === 'authenticate' ? authenticated : undefined;
    }, 10);
    inbox.put('authenticate');
    inbox.put('join');
    expect(handled).toEqual(['authenticate']);
    resolve();
    await done;
    expect(handled).toEqual(['authenticate', 'join']);
  });

  it('are refused when too many wait, and forgotten when the socket is gone', () => {
    const handled: number[] = [];
    const inbox = new SerialInbox<number>((item) => {
      handled.push(item);
      return new Promise(() => undefined);
    }, 2);
    expect([1, 2, 3, 4].map((item) => inbox.put(item))).toEqual([true, true, true, false]);
    inbox.clear();
    expect(inbox.put(5)).toBe(true);
    expect(handled).toEqual([1]);
  });
});
