import { describe, expect, it } from 'vitest';
import { RouteTable } from '../../../main/rendezvous/route-table.ts';

describe('the methods an address takes', () => {
  const routes = new RouteTable();
  routes.add({ url: '/api/rooms/:roomId', method: 'GET' });
  routes.add({ url: '/api/rooms/:roomId', method: ['DELETE', 'PATCH'] });
  routes.add({ url: '/.well-known/jwks.json', method: 'GET' });
  routes.add({ url: '/*', method: 'GET' });

  it('are all of its routes’', () => {
    expect(routes.methodsFor('/api/rooms/room_1')).toEqual(['DELETE', 'GET', 'PATCH']);
  });

  it('are none where there is no such address, whatever the UI catches', () => {
    expect(routes.methodsFor('/api/rooms/room_1/more')).toEqual([]);
    expect(routes.methodsFor('/api/rooms/')).toEqual([]);
    expect(routes.methodsFor('/xwell-known/jwks.json')).toEqual([]);
  });
});
