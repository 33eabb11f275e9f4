import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../../../protocol/messages.ts';
import { memberOf, SWARM_LIMITS } from '../../../protocol/swarm.ts';
import { memberOf as memberOfNode, TestSocket } from '../rendezvous/node.ts';
import {
  INVITED,
  PUBLIC,
  STUN,
  sdpOf,
  startTrackedNode,
  ticketFor,
  Viewer,
} from './tracked-node.ts';

const offerNamed = (name: string) => ({ offer_id: name, offer: sdpOf('offer', name) });

describe('a ticket', () => {
  it('of a public recording is for anybody, with STUN and no relay', async () => {
    const { node } = await startTrackedNode();
    const ticket = await ticketFor(node, PUBLIC);
    expect(ticket.iceServers).toEqual([STUN]);
    expect(Date.parse(ticket.expiresAt) - node.clock.nowMs).toBeLessThanOrEqual(
      SWARM_LIMITS.ticketLifetimeMs,
    );
  });

  it('of a private recording is for those who may see it', async () => {
    const { node, invited } = await startTrackedNode();
    const ann = await memberOfNode(node, 'ann');
    await expect(ticketFor(node, INVITED)).rejects.toThrow('auth-required');
    await expect(ticketFor(node, INVITED, ann)).rejects.toThrow('forbidden');
    await expect(ticketFor(node, 'rec_nothing0000')).rejects.toThrow('recording-not-found');
    invited.add(ann.userId);
    expect((await ticketFor(node, INVITED, ann)).infoHash).toHaveLength(20);
  });

  it('names a swarm that cannot be told from the recording', async () => {
    const [one, other] = [await startTrackedNode(), await startTrackedNode()];
    const tickets = [await ticketFor(one.node, PUBLIC), await ticketFor(other.node, PUBLIC)];
    expect(tickets[0]?.infoHash).not.toBe(tickets[1]?.infoHash);
    expect((await ticketFor(one.node, PUBLIC)).infoHash).toBe(tickets[0]?.infoHash);
  });

  it('keeps the peer id of the window it renews, and half of it for the whole account', async () => {
    const { node } = await startTrackedNode();
    const [ann, bob] = [await memberOfNode(node, 'ann'), await memberOfNode(node, 'bob')];
    const first = await ticketFor(node, PUBLIC, ann);
    expect((await ticketFor(node, PUBLIC, ann, first)).peerId).toBe(first.peerId);
    const second = await ticketFor(node, PUBLIC, ann);
    expect(second.peerId).not.toBe(first.peerId);
    expect(memberOf(second.peerId)).toBe(memberOf(first.peerId));
    const stolen = await ticketFor(node, PUBLIC, bob, first);
    expect(stolen.peerId).not.toBe(first.peerId);
    expect(memberOf(stolen.peerId)).not.toBe(memberOf(first.peerId));
    expect((await ticketFor(node, PUBLIC, undefined, first)).peerId).not.toBe(first.peerId);
  });

  it('is no session, and a session is no ticket', async () => {
    const { node } = await startTrackedNode();
    const ann = await memberOfNode(node, 'ann');
    const ticket = await ticketFor(node, PUBLIC, ann);
    const asSession = await node.request('GET', '/api/signaling/ice-servers', undefined, {
      authorization: `Bearer ${ticket.token}`,
    });
    expect(asSession.json.code).toBe('auth-failed');
    const viewer = await Viewer.open(node);
    viewer.announce({ ...ticket, token: ann.token });
    expect(await viewer.refusal()).toBe('auth-failed');
  });
});

describe('the tracker', () => {
  it('introduces two viewers, and passes on what each says to the other alone', async () => {
    const { node } = await startTrackedNode();
    const [ann, bob, eve] = await Promise.all([
      Viewer.open(node),
      Viewer.open(node),
      Viewer.open(node),
    ]);
    const [annTicket, bobTicket, eveTicket] = [
      await ticketFor(node, PUBLIC),
      await ticketFor(node, PUBLIC),
      await ticketFor(node, PUBLIC),
    ];
    ann.announce(annTicket);
    expect(await ann.next()).toMatchObject({ interval: 30, complete: 0, incomplete: 1 });
    bob.announce(bobTicket, { offers: [offerNamed('one')], numwant: 1 });
    expect(await bob.next()).toMatchObject({ incomplete: 2 });
    expect(await ann.next()).toMatchObject({ peer_id: bobTicket.peerId, ...offerNamed('one') });

    eve.announce(eveTicket);
    await eve.next();
    const answer = {
      action: 'announce',
      info_hash: annTicket.infoHash,
      to_peer_id: bobTicket.peerId,
      offer_id: 'one',
      answer: sdpOf('answer', 'ann'),
    };
    // An answer to an offer that somebody else was sent, in her own name and in Ann's.
    eve.send({ ...answer, peer_id: eveTicket.peerId });
    expect(await eve.refusal()).toBe('peer-not-found');
    eve.send({ ...answer, peer_id: annTicket.peerId });
    expect(await eve.refusal()).toBe('forbidden');
    ann.send({ ...answer, peer_id: annTicket.peerId });
    expect(await bob.next()).toMatchObject({
      peer_id: annTicket.peerId,
      offer_id: 'one',
      answer: sdpOf('answer', 'ann'),
    });
    ann.send({ ...answer, peer_id: annTicket.peerId });
    expect(await ann.refusal()).toBe('peer-not-found');
  });

  it('takes nobody without a ticket, nor with one for something else', async () => {
    const { node, invited, tracker } = await startTrackedNode();
    const ann = await memberOfNode(node, 'ann');
    invited.add(ann.userId);
    const open = await ticketFor(node, PUBLIC);
    const closed = await ticketFor(node, INVITED, ann);
    const viewer = await Viewer.open(node);
    viewer.announce({ ...open, infoHash: closed.infoHash });
    expect(await viewer.refusal()).toBe('forbidden');
    viewer.announce({ ...open, peerId: closed.peerId });
    expect(await viewer.refusal()).toBe('forbidden');
    viewer.announce({ ...open, infoHash: 'A'.repeat(20) });
    expect(await viewer.refusal()).toBe('forbidden');
    viewer.announce({ ...open, token: `${open.token.slice(0, -4)}AAAA` });
    expect(await viewer.refusal()).toBe('auth-failed');
    viewer.send({ action: 'announce', info_hash: open.infoHash, peer_id: open.peerId });
    expect(await viewer.refusal()).toBe('validation-failed');
    node.clock.advance(SWARM_LIMITS.ticketLifetimeMs);
    viewer.announce(open);
    expect(await viewer.refusal()).toBe('auth-failed');
    expect(tracker.figures().peers).toBe(0);
  });

  it('drops who lost access, and tells the others', async () => {
    const { node, invited, audiences, tracker } = await startTrackedNode();
    const [ann, bob] = [await memberOfNode(node, 'ann'), await memberOfNode(node, 'bob')];
    for (const { userId } of [ann, bob]) invited.add(userId);
    const tickets = {
      ann: await ticketFor(node, INVITED, ann),
      bob: await ticketFor(node, INVITED, bob),
    };
    const viewers = { ann: await Viewer.open(node), bob: await Viewer.open(node) };
    for (const who of ['ann', 'bob'] as const) {
      viewers[who].announce(tickets[who]);
      await viewers[who].next();
    }
    invited.delete(bob.userId);
    expect(await viewers.bob.refusal()).toBe('forbidden');
    expect(await viewers.ann.next()).toMatchObject({
      incomplete: 1,
      dropped: [tickets.bob.peerId],
    });
    viewers.bob.announce(tickets.bob, { offers: [offerNamed('again')] });
    expect(await viewers.bob.refusal()).toBe('forbidden');

    audiences.delete(INVITED);
    expect(await viewers.ann.refusal()).toBe('recording-not-found');
    expect(tracker.figures()).toMatchObject({ swarms: 0, peers: 0 });
  });

  it('forgets who is silent, whose ticket has run out, and whose socket closed', async () => {
    const { node, tracker } = await startTrackedNode();
    const viewers = await Promise.all([1, 2].map(() => Viewer.open(node)));
    const tickets = [await ticketFor(node, PUBLIC), await ticketFor(node, PUBLIC)];
    for (const [index, viewer] of viewers.entries()) {
      const ticket = tickets[index];
      if (ticket) viewer.announce(ticket);
      await viewer.next();
    }
    viewers[0]?.raw.close();
    await expect.poll(() => tracker.figures().peers).toBe(1);
    node.clock.advance(SWARM_LIMITS.ticketLifetimeMs);
    expect(await viewers[1]?.refusal()).toBe('auth-failed');
    expect(tracker.figures().peers).toBe(0);
    node.clock.advance(60_000);
    expect(await viewers[1]?.closed).toBe(4401);
  });

  it('refuses pages of other sites, huge frames, junk and floods', async () => {
    const { node, refusals, tracker } = await startTrackedNode();
    await expect(Viewer.open(node, { origin: 'https://evil.example' })).rejects.toThrow('403');
    const huge = await Viewer.open(node);
    huge.send(JSON.stringify({ action: 'announce', junk: 'x'.repeat(MAX_MESSAGE_BYTES) }));
    expect(await huge.refusal()).toBe('message-too-large');
    huge.send(Buffer.alloc(5 * MAX_MESSAGE_BYTES));
    expect(await huge.closed).toBe(1009);

    const junk = await Viewer.open(node);
    const junkSent = [
      '',
      '[]',
      'null',
      '{"action":"scrape"}',
      '{"length":{"toString":1}}',
      '{"action":"announce","info_hash":{"length":{"toString":1}}}',
    ];
    for (const text of junkSent) junk.send(text);
    const codes = [];
    for (const _ of junkSent) codes.push(await junk.refusal());
    expect(new Set(codes)).toEqual(new Set(['validation-failed', 'unsupported-message']));

    const ticket = await ticketFor(node, PUBLIC);
    const flood = await Viewer.open(node);
    for (let n = 0; n < 200; n++) flood.announce(ticket);
    expect(await flood.closed).toBe(1013);
    const steady = await Viewer.open(node);
    for (let n = 0; n < 60; n++) {
      steady.announce(ticket);
      expect(await steady.next()).toMatchObject({ interval: 30 });
    }
    steady.announce(ticket);
    expect(await steady.refusal()).toBe('rate-limited');
    expect(refusals).toContain('rate-limited');
    steady.raw.close();
    await expect.poll(() => tracker.figures().peers).toBe(0);
    // The rest of the node is none the worse.
    await (await TestSocket.open(node)).close();
  });

  it('holds no more than it may', async () => {
    const { node, tracker } = await startTrackedNode({
      peersPerSwarm: 3,
      peersPerAddress: { network: 1, loopback: 2 },
    });
    const viewers = await Promise.all([1, 2, 3].map(() => Viewer.open(node)));
    for (const viewer of viewers.slice(0, 2)) {
      viewer.announce(await ticketFor(node, PUBLIC));
      await viewer.next();
    }
    viewers[2]?.announce(await ticketFor(node, PUBLIC));
    expect(await viewers[2]?.refusal()).toBe('rate-limited');
    expect(tracker.figures().peers).toBe(2);
  });
});
