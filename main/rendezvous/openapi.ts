import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../protocol/errors.ts';
import { Session } from '../../protocol/identity.ts';
import { Post } from '../../protocol/posts.ts';
import { Project } from '../../protocol/projects.ts';
import { RecordingStatus } from '../../protocol/recordings.ts';
import { Invite, Participant, Room } from '../../protocol/rooms.ts';

/** Schemas that appear by name, once, wherever a route uses them. */
const NAMED = { Problem, Session, Room, Participant, Invite, Post, Project, RecordingStatus };

/** Collects every route's schemas for `GET /api/openapi.json` (OpenAPI 3.1). */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) schemaRegistry.add(schema, { id });
  app.addHook('onRoute', (route) => {
    if (!route.schema || route.schema.hide) return;
    const response = (route.schema.response ?? {}) as Record<string, unknown>;
    route.schema.response = {
      ...response,
      default: {
        description: 'A refusal, with a stable code and a sentence',
        content: { 'application/problem+json': { schema: Problem } },
      },
    };
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Swarm Studio node',
        version,
        description:
          'Rooms, sessions, posts and replays of one node. Signalling goes over the WebSocket at /ws.',
      },
      components: {
        securitySchemes: { session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
      security: [{}, { session: [] }],
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  });
}
