import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIAL_LIFETIME_MS, turnCredentials } from '../../../main/turn/turn-credentials.ts';
import { type Coturn, coturnProblem, startCoturn } from '../../support/coturn.ts';
import { StunClient } from '../../support/stun-client.ts';

const OWNER = 'room_0123456789abcdef.peer_0123456789abcdef';
const GRANTED = { granted: true };
const REFUSED = { granted: false, code: 401 };

describe.skipIf(coturnProblem)(`a real coturn${coturnProblem ? ` (${coturnProblem})` : ''}`, () => {
  let coturn: Coturn;
  const clients: StunClient[] = [];

  beforeAll(async () => {
    coturn = await startCoturn();
  });

  afterAll(async () => {
    for (const client of clients) client.close();
    await coturn.stop();
  });

  async function client(): Promise<StunClient> {
    const opened = await StunClient.open(coturn);
    clients.push(opened);
    return opened;
  }

  const fresh = (owner = OWNER) =>
    turnCredentials(coturn.secret, owner, Date.now() + CREDENTIAL_LIFETIME_MS);

  it('relays for credentials that hold, and names their owner in its log', async () => {
    expect(await (await client()).allocate(fresh())).toEqual(GRANTED);
    // It answers before it writes its log.
    await expect.poll(() => coturn.log()).toContain(OWNER);
  });

  it('refuses a stranger', async () => {
    expect(await (await client()).allocate()).toEqual(REFUSED);
  });

  it('refuses credentials that have run out', async () => {
    const old = turnCredentials(coturn.secret, OWNER, Date.now() - 2000);
    expect(await (await client()).allocate(old)).toEqual(REFUSED);
  });

  it('refuses credentials made with another secret', async () => {
    const foreign = turnCredentials('not-the-secret-it-knows', OWNER, Date.now() + 60_000);
    expect(await (await client()).allocate(foreign)).toEqual(REFUSED);
  });

  it('refuses credentials that somebody gave a longer life', async () => {
    const { credential, username } = fresh();
    const [expiry, owner] = username.split(':');
    const longer = { credential, username: `${Number(expiry) + 3600}:${owner}` };
    expect(await (await client()).allocate(longer)).toEqual(REFUSED);
  });

  it('lets a relay that stands go on after its credentials have run out', async () => {
    const brief = turnCredentials(coturn.secret, OWNER, Date.now() + 3000);
    const relayed = await client();
    expect(await relayed.allocate(brief)).toEqual(GRANTED);
    await expect
      .poll(async () => (await client()).allocate(brief), { timeout: 20_000, interval: 200 })
      .toEqual(REFUSED);
    expect(await relayed.refresh(600, brief)).toEqual(GRANTED);
  });
});

describe.skipIf(coturnProblem)('changing the secret, as the runbook has it', () => {
  it('refuses nobody while coturn knows both, and the old one when it is taken out', async () => {
    const [before, after] = ['the-secret-of-last-year', 'the-secret-of-this-year'];
    const holds = Date.now() + CREDENTIAL_LIFETIME_MS;
    const both = await startCoturn({ secret: before, lines: [`static-auth-secret=${after}`] });
    for (const secret of [before, after]) {
      const client = await StunClient.open(both);
      expect(await client.allocate(turnCredentials(secret, OWNER, holds))).toEqual(GRANTED);
      client.close();
    }
    await both.stop();

    const one = await startCoturn({ secret: after });
    const client = await StunClient.open(one);
    expect(await client.allocate(turnCredentials(before, OWNER, holds))).toEqual(REFUSED);
    client.close();
    await one.stop();
  });
});
