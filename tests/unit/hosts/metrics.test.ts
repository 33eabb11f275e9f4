import { describe, expect, it } from 'vitest';
import { Metrics } from '../../../main/diagnostics/metrics.ts';

describe('the metrics', () => {
  it('tell what is there at the moment of asking, and how the process does', async () => {
    let rooms = 0;
    const metrics = new Metrics({ rooms: () => rooms, participants: () => 5, sockets: () => 4 });
    expect(await metrics.render()).toContain('swarm_rooms 0');
    rooms = 2;
    const text = await metrics.render();
    expect(text).toContain('swarm_rooms 2');
    expect(text).toContain('swarm_participants 5');
    expect(text).toContain('swarm_sockets 4');
    expect(text).toMatch(/process_resident_memory_bytes \d+/);
    expect(text).not.toContain('swarm_cluster');
  });

  it('tell of the other nodes where there are some', async () => {
    const none = { rooms: () => 0, participants: () => 0, sockets: () => 0 };
    const metrics = new Metrics({ ...none, cluster: () => ({ nodes: 3, isSure: false }) });
    const text = await metrics.render();
    expect(text).toContain('swarm_cluster_nodes 3');
    expect(text).toContain('swarm_cluster_sure 0');
  });
});
