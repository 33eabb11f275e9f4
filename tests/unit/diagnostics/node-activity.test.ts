import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { NodeActivity } from '../../../main/diagnostics/node-activity.ts';

test('a node counts what it passed on, refused and was told by moderators', async () => {
  const registry = new Registry();
  const activity = new NodeActivity();
  activity.registerIn(registry);
  activity.relayed();
  activity.relayed();
  activity.refused('banned', 'socket');
  activity.refused('banned', 'rest');
  activity.refused('banned', 'rest');
  activity.moderated('mute');
  const text = await registry.metrics();
  expect(text).toContain('swarm_signals_relayed_total 2');
  expect(text).toContain('swarm_refusals_total{code="banned",over="socket"} 1');
  expect(text).toContain('swarm_refusals_total{code="banned",over="rest"} 2');
  expect(text).toContain('swarm_moderation_events_total{action="mute"} 1');
});
