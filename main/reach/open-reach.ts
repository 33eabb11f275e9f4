import { hostname, networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { SecretStore } from '../hosts/host.ts';
import type { Settings } from '../settings/settings.ts';
import { givenCertificate, ownCertificate } from './certificate-source.ts';
import type { NetworkFlags } from './network-flags.ts';
import { Reach } from './reach.ts';

/** {@link Reach} on this machine, as the command line and what was chosen before have it. */
export function openReach(options: {
  flags: NetworkFlags | undefined;
  settings: Settings;
  secrets: SecretStore;
  clock: Clock;
  logger: Logger;
  /** What chooses the port on the command line. */
  portFlag?: string;
}): Reach {
  const { portFlag = '--network-port', flags, settings, secrets, clock, logger } = options;
  return new Reach({
    certificate: flags?.tls
      ? givenCertificate(flags.tls, clock)
      : ownCertificate({ secrets, clock }),
    clock,
    logger,
    initial: flags?.listen ?? settings.get('reach'),
    insist: flags?.listen !== undefined,
    port: {
      number: flags?.networkPort ?? settings.get('networkPort'),
      fallBack: flags?.networkPort === undefined,
      flag: portFlag,
    },
    remember({ reach, port }) {
      if (reach !== undefined) settings.set('reach', reach);
      if (port !== undefined && flags?.networkPort === undefined) settings.set('networkPort', port);
    },
    publicOrigin: flags?.publicOrigin,
    machine: () => ({ interfaces: networkInterfaces(), hostname: hostname() }),
  });
}
