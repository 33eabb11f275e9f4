import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { UserId } from './identity.ts';

export const ProjectId = z.string().regex(/^proj_[A-Za-z0-9_-]{10,32}$/, 'must be a projectId');

export const CreateProjectRequest = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(80),
  description: z.string().trim().max(500).optional(),
});
export type CreateProjectRequest = z.infer<typeof CreateProjectRequest>;

export const Project = z.object({
  projectId: ProjectId,
  name: z.string(),
  description: z.string(),
  owner: z.object({ userId: UserId, handle: z.string(), displayName: z.string() }),
  createdAt: Timestamp,
});
/** A page of its own with a feed, started by one member. */
export type Project = z.infer<typeof Project>;

export const ProjectList = z.object({ projects: z.array(Project) });
