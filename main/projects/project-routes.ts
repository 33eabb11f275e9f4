import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  CreateProjectRequest,
  JoinProjectRequest,
  ProjectInvitationList,
  ProjectInvitationsRequest,
  ProjectList,
  ProjectMemberList,
  ProjectQuery,
  ProjectResponse,
  UpdateProjectMemberRequest,
  UpdateProjectRequest,
} from '../../protocol/projects.ts';
import type { Feed } from '../feed/feed.ts';
import type { Access } from '../rendezvous/access.ts';
import type { ProjectInvitations } from './project-invitations.ts';
import type { Projects } from './projects.ts';

const tags = ['projects'];
const ProjectParams = z.object({ projectId: z.string() });
const MemberParams = z.object({ projectId: z.string(), userId: z.string() });

/** `/api/projects…`: looking, starting, and who is what in them. */
export function projectRoutes(options: {
  projects: Projects;
  invitations: ProjectInvitations;
  feed: Pick<Feed, 'hasPosts'>;
  access: Access;
  /** Where links begin, e.g. `https://rooms.example`. */
  publicOrigin: () => string;
}): FastifyPluginAsync {
  const { projects, invitations, feed, access, publicOrigin } = options;

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/projects',
      {
        schema: {
          summary: 'Projects the caller may see, newest first, and those they are invited to',
          tags,
          querystring: ProjectQuery,
          response: { 200: ProjectList },
        },
      },
      async (request) => {
        const caller = await access.caller(request);
        const page = projects.list(caller, request.query);
        if (!caller || request.query.cursor !== undefined) return page;
        return { ...page, invited: invitations.invitedTo(caller.userId) };
      },
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

    app.get(
      '/api/projects/:projectId',
      {
        schema: {
          summary: 'A project',
          tags,
          params: ProjectParams,
          response: { 200: ProjectResponse },
        },
      },
      async (request) => ({
        project: projects.get(request.params.projectId, await access.caller(request)),
      }),
    );

    app.patch(
      '/api/projects/:projectId',
      {
        schema: {
          summary: 'Changes a project (owner)',
          tags,
          params: ProjectParams,
          body: UpdateProjectRequest,
          response: { 200: ProjectResponse },
        },
      },
      async (request) => {
        const { userId } = await access.requireCaller(request, 'post:write');
        return { project: projects.update(request.params.projectId, userId, request.body) };
      },
    );

    app.delete(
      '/api/projects/:projectId',
      {
        schema: {
          summary: 'Deletes a project without posts (owner)',
          tags,
          params: ProjectParams,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const { userId } = await access.requireCaller(request, 'post:write');
        const { projectId } = request.params;
        projects.delete(projectId, userId, feed.hasPosts(projectId));
        return reply.code(204).send();
      },
    );

    app.get(
      '/api/projects/:projectId/members',
      {
        schema: {
          summary: 'Who is what in a project (members)',
          tags,
          params: ProjectParams,
          response: { 200: ProjectMemberList },
        },
      },
      async (request) => {
        const { userId } = await access.requireCaller(request);
        const { projectId } = projects.require(request.params.projectId, userId, 'member');
        return { members: projects.members(projectId) };
      },
    );

    app.patch(
      '/api/projects/:projectId/members/:userId',
      {
        schema: {
          summary: 'Makes a member something else, or the owner (owner)',
          tags,
          params: MemberParams,
          body: UpdateProjectMemberRequest,
          response: { 200: ProjectMemberList },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request, 'post:write');
        const { projectId, userId } = request.params;
        return { members: projects.setRole(projectId, caller.userId, userId, request.body.role) };
      },
    );

    app.delete(
      '/api/projects/:projectId/members/:userId',
      {
        schema: {
          summary: 'Leaves a project, or takes somebody out of it (owner, steward)',
          tags,
          params: MemberParams,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const caller = await access.requireCaller(request, 'post:write');
        projects.remove(request.params.projectId, caller.userId, request.params.userId);
        return reply.code(204).send();
      },
    );

    app.post(
      '/api/projects/:projectId/invitations',
      {
        schema: {
          summary: 'Invites and takes back; empty, it only reads (owner, steward)',
          tags,
          params: ProjectParams,
          body: ProjectInvitationsRequest,
          response: { 200: ProjectInvitationList },
        },
      },
      async (request) => {
        const { userId } = await access.requireCaller(request, 'post:write');
        const { projectId } = request.params;
        const token = invitations.change(projectId, userId, request.body);
        return {
          invitations: invitations.list(projectId),
          ...(token && { link: `${publicOrigin()}/p/${projectId}#invite=${token}` }),
        };
      },
    );

    app.post(
      '/api/projects/:projectId/invitation',
      {
        schema: {
          summary: 'The project that an invitation leads to, before it is accepted',
          tags,
          params: ProjectParams,
          body: JoinProjectRequest,
          response: { 200: ProjectResponse },
        },
      },
      async (request) => {
        const { userId } = await access.requireCaller(request, 'post:write');
        return {
          project: invitations.look(request.params.projectId, userId, request.body.token),
        };
      },
    );

    app.post(
      '/api/projects/:projectId/join',
      {
        schema: {
          summary: 'Becomes a member by an invitation',
          tags,
          params: ProjectParams,
          body: JoinProjectRequest,
          response: { 200: ProjectResponse },
        },
      },
      async (request) => {
        const member = await access.requireCaller(request, 'post:write');
        return { project: invitations.accept(request.params.projectId, member, request.body) };
      },
    );

    app.delete(
      '/api/projects/:projectId/invitation',
      {
        schema: {
          summary: 'Declines an invitation that was sent to the caller by name',
          tags,
          params: ProjectParams,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const { userId } = await access.requireCaller(request, 'post:write');
        invitations.decline(request.params.projectId, userId);
        return reply.code(204).send();
      },
    );
  };
}
