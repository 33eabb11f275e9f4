import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { httpsOrigin, ownAddresses } from '../../../main/reach/own-addresses.ts';

function info(address: string, internal = false): NetworkInterfaceInfo {
  const rest = { netmask: '', mac: '', internal, cidr: null };
  return address.includes(':')
    ? { ...rest, address, family: 'IPv6', scopeid: 0 }
    : { ...rest, address, family: 'IPv4' };
}

const hosts = (...args: Parameters<typeof ownAddresses>) =>
  ownAddresses(...args).map((a) => a.host);

describe('the addresses this computer offers', () => {
  it('start with the one in the local network, then global ones, then its name', () => {
    const interfaces = {
      lo: [info('127.0.0.1', true), info('::1', true)],
      eth0: [
        info('2001:db8::7'),
        info('fd12::7'),
        info('203.0.113.7'),
        info('192.168.1.20'),
        info('fe80::1'),
      ],
    };
    expect(hosts(interfaces, 'Studio-Box.lan')).toEqual([
      '192.168.1.20',
      '203.0.113.7',
      '2001:db8::7',
      'fd12::7',
      'studio-box.local',
    ]);
  });

  it('put VPNs and containers last and mark them as less likely', () => {
    const interfaces = {
      docker0: [info('172.17.0.1')],
      utun4: [info('10.8.0.2')],
      en7: [info('100.101.102.103')],
      wlan0: [info('2001:db8::9')],
    };
    expect(ownAddresses(interfaces, 'localhost').map((a) => [a.host, a.likely])).toEqual([
      ['2001:db8::9', true],
      ['172.17.0.1', false],
      ['10.8.0.2', false],
      ['100.101.102.103', false],
    ]);
  });

  it('are link-local only where there is nothing else', () => {
    const cable = { eth0: [info('169.254.10.1'), info('fe80::1')] };
    expect(hosts(cable, 'localhost')).toEqual(['169.254.10.1']);
    expect(hosts({ ...cable, eth1: [info('10.0.0.5')] }, 'localhost')).toEqual(['10.0.0.5']);
  });

  it('are none without a network, the name included', () => {
    expect(hosts({ lo: [info('127.0.0.1', true)] }, 'studio')).toEqual([]);
    expect(hosts({ eth0: undefined }, 'studio')).toEqual([]);
  });

  it('leave out a name that is none', () => {
    expect(hosts({ eth0: [info('10.0.0.5')] }, 'my_machine!')).toEqual(['10.0.0.5']);
  });

  it('become origins as browsers write them', () => {
    expect(httpsOrigin('fd12::7', 8443)).toBe('https://[fd12::7]:8443');
    expect(httpsOrigin('192.168.1.20', 443)).toBe('https://192.168.1.20');
  });
});
