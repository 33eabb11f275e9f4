import { describe, expect, it } from 'vitest';
import { MAILBOX_BYTES, SignalMailbox } from '../../../main/rendezvous/sockets/signal-mailbox.ts';

describe('signals for a peer whose socket is away', () => {
  it('wait in order and are handed over once', () => {
    const mailbox = new SignalMailbox();
    mailbox.put('peer_a', 'offer', 0);
    mailbox.put('peer_a', 'candidate', 1);
    mailbox.put('peer_b', 'other', 1);
    expect(mailbox.take('peer_a', 2)).toEqual(['offer', 'candidate']);
    expect(mailbox.take('peer_a', 2)).toEqual([]);
    expect(mailbox.take('peer_b', 2)).toEqual(['other']);
  });

  it('are forgotten after 30 s', () => {
    const mailbox = new SignalMailbox();
    mailbox.put('peer_a', 'old', 0);
    mailbox.put('peer_a', 'new', 10_000);
    mailbox.sweep(30_000);
    expect(mailbox.take('peer_a', 30_000)).toEqual(['new']);
    mailbox.put('peer_a', 'old', 0);
    mailbox.sweep(30_000);
    expect(mailbox.take('peer_a', 0)).toEqual([]);
  });

  it('are refused when too much waits already', () => {
    const mailbox = new SignalMailbox();
    expect(mailbox.put('peer_a', 'x'.repeat(MAILBOX_BYTES), 0)).toBe(true);
    expect(mailbox.put('peer_a', 'x', 0)).toBe(false);
    expect(mailbox.put('peer_b', 'x', 0)).toBe(true);
  });
});
