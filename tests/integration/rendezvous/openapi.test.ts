import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNode, type TestNode } from './node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

describe('the interface’s description', () => {
  it('lists every route, with its schemas and its refusals', async () => {
    const { json } = await node.request('GET', '/api/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    const operations = Object.entries<Record<string, { responses: object }>>(json.paths).flatMap(
      ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual([
      'DELETE /api/posts/{postId}',
      'DELETE /api/projects/{projectId}',
      'DELETE /api/projects/{projectId}/invitation',
      'DELETE /api/projects/{projectId}/members/{userId}',
      'DELETE /api/signaling/rooms/{roomId}',
      'GET /.well-known/jwks.json',
      'GET /api/feeds/profile/{handle}',
      'GET /api/feeds/project/{projectId}',
      'GET /api/node',
      'GET /api/openapi.json',
      'GET /api/posts/{postId}',
      'GET /api/projects',
      'GET /api/projects/{projectId}',
      'GET /api/projects/{projectId}/members',
      'GET /api/search',
      'GET /api/signaling/ice-servers',
      'GET /api/signaling/rooms',
      'GET /api/signaling/rooms/{roomId}',
      'GET /api/signaling/rooms/{roomId}/knocks',
      'GET /api/signaling/rooms/{roomId}/moderation/log',
      'GET /api/signaling/rooms/{roomId}/participants',
      'GET /healthz',
      'GET /metrics',
      'PATCH /api/posts/{postId}',
      'PATCH /api/projects/{projectId}',
      'PATCH /api/projects/{projectId}/members/{userId}',
      'PATCH /api/signaling/rooms/{roomId}/participants/{peerId}',
      'POST /api/diagnostics/upload-probe',
      'POST /api/posts',
      'POST /api/projects',
      'POST /api/projects/{projectId}/invitation',
      'POST /api/projects/{projectId}/invitations',
      'POST /api/projects/{projectId}/join',
      'POST /api/session',
      'POST /api/session/challenge',
      'POST /api/session/renew',
      'POST /api/signaling/rooms',
      'POST /api/signaling/rooms/{roomId}/invitations',
      'POST /api/signaling/rooms/{roomId}/join',
      'POST /api/signaling/rooms/{roomId}/leave',
      'POST /api/signaling/rooms/{roomId}/moderation',
      'POST /api/signaling/rooms/{roomId}/promote',
      'POST /api/signaling/rooms/{roomId}/recording',
    ]);
    const create = json.paths['/api/signaling/rooms'].post;
    const body = create.requestBody.content['application/json'].schema;
    expect(body.required).toEqual(expect.arrayContaining(['context', 'title', 'visibility']));
    expect(create.responses['201'].content['application/json'].schema.properties.room).toEqual({
      $ref: '#/components/schemas/Room',
    });
    expect(create.responses.default.content['application/problem+json'].schema).toEqual({
      $ref: '#/components/schemas/Problem',
    });
    expect(json.components.schemas.Room.properties.roomId.type).toBe('string');
    expect(json.paths['/api/signaling/rooms/{roomId}'].get.parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'swarm-invitation', required: false }),
    );
  });

  it('stands beside health, metrics, keys and the node’s name, all without a session', async () => {
    expect((await node.request('GET', '/healthz')).json).toEqual({ status: 'ok' });
    expect((await node.request('GET', '/metrics')).text).toContain('up 1');
    expect((await node.request('GET', '/.well-known/jwks.json')).json.keys).toHaveLength(1);
    expect((await node.request('GET', '/api/node')).json.name).toBe('Test node');
  });
});
