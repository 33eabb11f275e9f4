import type { StudioInfo } from '../../preload/contract.ts';
import type { NodePlace } from '../../protocol/home.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { forgetVisit, takeVisit } from './visit.ts';

/**
 * The node that this window is on: its home, or one it visits. A way that was opened just now is
 * not in the policy that this page was loaded under, so the page loads anew and this never
 * resolves. Rejects where a visited node can't be reached or is not trusted yet.
 */
export async function findPlace(
  bridge: Pick<Bridge, 'call'>,
  { place: home, nodeUrls }: Pick<StudioInfo, 'place' | 'nodeUrls'>,
): Promise<NodePlace> {
  const visited = takeVisit();
  if (visited === undefined) return home;
  const place = await bridge.call('home.visit', { address: visited });
  if (place.kind !== 'visit') forgetVisit();
  if (nodeUrls.includes(place.baseUrl)) return place;
  location.reload();
  return new Promise(() => undefined);
}
