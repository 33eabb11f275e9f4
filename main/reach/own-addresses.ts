import type { NetworkInterfaceInfo } from 'node:os';
import type { AddressKind } from '../../protocol/reach.ts';

/** An address of this machine that somebody on another device could type. */
export interface OwnAddress {
  /** An IP address without brackets or zone, or a name. */
  host: string;
  kind: Exclude<AddressKind, 'given'>;
  /** The network interface; a name has none. */
  interface?: string;
  /** `false` for what looks like a VPN, a container or a virtual machine. */
  likely: boolean;
}

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Interfaces that other devices of the household seldom share. */
const UNLIKELY =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|vethernet|lxc|lxd|podman|cni|flannel|tun|tap|utun|wg|tailscale|zt|ppp|ipsec)/i;

/**
 * This machine's addresses, most useful first: likely ones before unlikely ones, and among those
 * private IPv4, global IPv4, global IPv6, private IPv6, the mDNS name. IPv4 link-local addresses
 * come in only where there is nothing else; IPv6 ones never, because browsers take no zone.
 *
 * @param hostname as `os.hostname()` gives it; its first label is offered under `.local`.
 */
export function ownAddresses(interfaces: Interfaces, hostname: string): OwnAddress[] {
  const found = Object.entries(interfaces)
    .flatMap(([name, infos]) => (infos ?? []).map((info) => classify(name, info)))
    .filter((address) => address !== undefined);
  const routable = found.filter((address) => address.kind !== 'link-local');
  const addresses = routable.length > 0 ? routable : found;
  const name = addresses.length > 0 ? mdnsName(hostname) : undefined;
  return [...addresses, ...(name ? [name] : [])].sort((a, b) => rank(a) - rank(b));
}

function classify(name: string, info: NetworkInterfaceInfo): OwnAddress | undefined {
  if (info.internal) return undefined;
  const kind = info.family === 'IPv4' ? kindOfIpv4(info.address) : kindOfIpv6(info.address);
  if (!kind) return undefined;
  const likely = !UNLIKELY.test(name) && !isShared(info.address);
  return { host: info.address, kind, interface: name, likely };
}

function kindOfIpv4(address: string): OwnAddress['kind'] {
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 169 && b === 254) return 'link-local';
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  return isPrivate || isShared(address) ? 'private' : 'global';
}

/** RFC 6598, which carriers and overlay networks use. */
function isShared(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return a === 100 && b >= 64 && b <= 127;
}

function kindOfIpv6(address: string): OwnAddress['kind'] | undefined {
  if (/^fe[89ab]/i.test(address)) return undefined;
  return /^f[cd]/i.test(address) ? 'private' : 'global';
}

function mdnsName(hostname: string): OwnAddress | undefined {
  const label = hostname.split('.')[0]?.toLowerCase() ?? '';
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label) || label === 'localhost')
    return undefined;
  return { host: `${label}.local`, kind: 'name', likely: true };
}

function rank({ host, kind, likely }: OwnAddress): number {
  const isIpv6 = host.includes(':');
  const order = { private: isIpv6 ? 3 : 0, global: isIpv6 ? 2 : 1, name: 4, 'link-local': 5 }[kind];
  return order + (likely ? 0 : 10);
}

/** The https origin of a host on a port, as browsers write it. */
export function httpsOrigin(host: string, port: number): string {
  return new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
}
