import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Settings } from '../settings/settings.ts';
import { isRelayUrl } from './ice-url.ts';
import { TurnConfigError } from './turn-config-error.ts';
import type { TurnFlags } from './turn-flags.ts';
import { TurnSecret } from './turn-secret.ts';
import { type RelayedRooms, TurnService } from './turn-service.ts';

/**
 * The TURN service as flags and settings have it. Throws a `TurnConfigError` where TURN servers
 * are named without a secret, or their secret can't be used: people behind strict networks would
 * find out in the middle of a room.
 */
export function openTurn(options: {
  /** Without them the settings hold. */
  flags: Partial<TurnFlags> | undefined;
  settings: Settings;
  rooms: RelayedRooms;
  clock: Clock;
  logger: Logger;
}): TurnService {
  const { flags, settings, rooms, clock, logger } = options;
  const urls = flags?.turnUrls ?? settings.get('turnUrls');
  const secretFile = flags?.turnSecretFile ?? settings.get('turnSecretFile');
  const relayUrls = urls.filter(isRelayUrl);
  const relays = relayUrls.length > 0;
  if (relays && !secretFile) {
    throw new TurnConfigError(
      'TURN servers are named, but not the secret shared with them. Name the file that holds it with --turn-secret-file.',
    );
  }
  return new TurnService({
    stunUrls: urls.filter((url) => !isRelayUrl(url)),
    relay: relays ? { urls: relayUrls, secret: TurnSecret.open(secretFile, logger) } : undefined,
    relayedPerRoom: settings.get('turnRelayedPerRoom'),
    rooms,
    clock,
    logger,
  });
}
