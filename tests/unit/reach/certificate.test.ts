import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  fingerprintOf,
  isGoodFor,
  MAX_VALIDITY_DAYS,
  makeCertificate,
  RENEW_BEFORE_DAYS,
} from '../../../main/reach/certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const now = Date.parse('2026-05-01T12:00:00Z');
const hosts = ['192.168.1.20', 'fd12::7', 'studio.local'];

describe('a certificate the node makes itself', () => {
  it('names every host it is for, on P-256, and is no authority', async () => {
    const made = new X509Certificate((await makeCertificate(hosts, now)).cert);
    expect(made.checkIP('192.168.1.20')).toBeDefined();
    expect(made.checkIP('fd12::7')).toBeDefined();
    expect(made.checkHost('studio.local')).toBeDefined();
    expect(made.checkIP('192.168.1.21')).toBeUndefined();
    expect(made.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(made.ca).toBe(false);
  });

  it('is valid no longer than browsers accept, and a day back for clocks that are behind', async () => {
    const made = new X509Certificate((await makeCertificate(hosts, now)).cert);
    const days = (made.validToDate.getTime() - made.validFromDate.getTime()) / DAY_MS;
    expect(days).toBeLessThanOrEqual(MAX_VALIDITY_DAYS);
    expect(made.validFromDate.getTime()).toBe(now - DAY_MS);
  });

  it('serves until a host is missing, its last month begins, or it is not valid yet', async () => {
    const { cert } = await makeCertificate(hosts, now);
    const lastMonth = new X509Certificate(cert).validToDate.getTime() - RENEW_BEFORE_DAYS * DAY_MS;
    expect(isGoodFor(cert, hosts, now)).toBe(true);
    expect(isGoodFor(cert, [...hosts, '10.0.0.5'], now)).toBe(false);
    expect(isGoodFor(cert, [...hosts, 'other.local'], now)).toBe(false);
    expect(isGoodFor(cert, hosts, lastMonth)).toBe(true);
    expect(isGoodFor(cert, hosts, lastMonth + 1)).toBe(false);
    expect(isGoodFor(cert, hosts, now - 2 * DAY_MS)).toBe(false);
  });

  it('shows its fingerprint as browsers do', async () => {
    const { cert } = await makeCertificate(hosts, now);
    expect(fingerprintOf(cert)).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });
});
