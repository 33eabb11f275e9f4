import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import {
  CreatePostRequest,
  FeedPage,
  FeedQuery,
  PostResponse,
  SearchQuery,
  UpdatePostRequest,
} from '../../protocol/posts.ts';
import type { Members } from '../identity/members.ts';
import type { Projects } from '../projects/projects.ts';
import type { Access } from '../rendezvous/access.ts';
import type { Feed } from './feed.ts';

const PostParams = z.object({ postId: z.string() });

/** `/api/posts…` and `/api/feeds/…`. */
export function feedRoutes(options: {
  feed: Feed;
  projects: Projects;
  members: Members;
  access: Access;
}): FastifyPluginAsync {
  const { feed, projects, members, access } = options;
  const tags = ['feeds'];

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/api/posts',
      {
        schema: {
          summary: 'Posts a text on one’s own profile or project',
          tags,
          body: CreatePostRequest,
          response: { 201: PostResponse },
        },
      },
      async (request, reply) => {
        const author = await access.requireCaller(request, 'post:write');
        const { text, context, projectId, visibility } = request.body;
        if (projectId !== undefined) projects.require(projectId, author.userId, 'member');
        const post = feed.createText({ text, context, projectId, visibility, author });
        return reply.code(201).send({ post });
      },
    );

    app.get(
      '/api/posts/:postId',
      { schema: { summary: 'A post', tags, params: PostParams, response: { 200: PostResponse } } },
      async (request) => ({
        post: feed.get(request.params.postId, await access.caller(request)),
      }),
    );

    app.patch(
      '/api/posts/:postId',
      {
        schema: {
          summary: 'Changes one’s own post',
          tags,
          params: PostParams,
          body: UpdatePostRequest,
          response: { 200: PostResponse },
        },
      },
      async (request) => {
        const author = await access.requireCaller(request, 'post:write');
        return { post: feed.update(request.params.postId, author, request.body) };
      },
    );

    app.delete(
      '/api/posts/:postId',
      {
        schema: {
          summary: 'Deletes one’s own post',
          tags,
          params: PostParams,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const author = await access.requireCaller(request, 'post:write');
        feed.delete(request.params.postId, author);
        return reply.code(204).send();
      },
    );

    app.get(
      '/api/feeds/profile/:handle',
      {
        schema: {
          summary: 'A member’s posts, newest first',
          tags,
          params: z.object({ handle: z.string() }),
          querystring: FeedQuery,
          response: { 200: FeedPage },
        },
      },
      async (request) => {
        const owner = members.byHandle(request.params.handle);
        if (!owner) {
          throw new ProtocolError('not-found', 'Nobody on this node has this handle.');
        }
        return feed.profilePage(owner.userId, await access.caller(request), request.query);
      },
    );

    app.get(
      '/api/search',
      {
        schema: {
          summary: 'Posts with these words in them, newest first',
          tags,
          querystring: SearchQuery,
          response: { 200: FeedPage },
        },
      },
      async (request) => feed.search(request.query, await access.caller(request)),
    );

    app.get(
      '/api/feeds/project/:projectId',
      {
        schema: {
          summary: 'A project’s posts, newest first',
          tags,
          params: z.object({ projectId: z.string() }),
          querystring: FeedQuery,
          response: { 200: FeedPage },
        },
      },
      async (request) => {
        const caller = await access.caller(request);
        const { projectId } = projects.get(request.params.projectId, caller);
        return feed.projectPage(projectId, caller, request.query);
      },
    );
  };
}
