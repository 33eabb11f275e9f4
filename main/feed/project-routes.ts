import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CreateProjectRequest, Project, ProjectList } from '../../protocol/projects.ts';
import type { Access } from '../rendezvous/access.ts';
import type { Projects } from './projects.ts';

const ProjectResponse = z.object({ project: Project });

/** `/api/projects…`: everybody may look, members may start one. */
export function projectRoutes(options: { projects: Projects; access: Access }): FastifyPluginAsync {
  const { projects, access } = options;
  const tags = ['projects'];

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/projects',
      { schema: { summary: 'All projects', tags, response: { 200: ProjectList } } },
      async () => ({ projects: projects.list() }),
    );

    app.get(
      '/api/projects/:projectId',
      {
        schema: {
          summary: 'A project',
          tags,
          params: z.object({ projectId: z.string() }),
          response: { 200: ProjectResponse },
        },
      },
      async (request) => ({ project: projects.get(request.params.projectId) }),
    );

    app.post(
      '/api/projects',
      {
        schema: {
          summary: 'Starts a project',
          tags,
          body: CreateProjectRequest,
          response: { 201: ProjectResponse },
        },
      },
      async (request, reply) => {
        const owner = await access.requireCaller(request, 'post:write');
        return reply.code(201).send({ project: projects.create(owner, request.body) });
      },
    );
  };
}
