import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { Handle, UserId } from './identity.ts';

export const ProjectId = z.string().regex(/^proj_[A-Za-z0-9_-]{10,32}$/, 'must be a projectId');

/**
 * What somebody is in a project. A member posts and goes live there, a steward also lets people in
 * and moderates its rooms, the owner decides over everything. There is one owner, always.
 */
export const ProjectRole = z.enum(['owner', 'steward', 'member']);
export type ProjectRole = z.infer<typeof ProjectRole>;

/** `private`: nobody but its members learns that it is there. */
export const ProjectVisibility = z.enum(['public', 'private']);
export type ProjectVisibility = z.infer<typeof ProjectVisibility>;

const Name = z.string().trim().min(1, 'must not be empty').max(80);
const Description = z.string().trim().max(500);

export const CreateProjectRequest = z.object({
  name: Name,
  description: Description.optional(),
  visibility: ProjectVisibility.default('public'),
});
export type CreateProjectRequest = z.input<typeof CreateProjectRequest>;

export const UpdateProjectRequest = z.object({
  name: Name.optional(),
  description: Description.optional(),
  visibility: ProjectVisibility.optional(),
});
export type UpdateProjectRequest = z.infer<typeof UpdateProjectRequest>;

const Person = z.object({ userId: UserId, handle: z.string(), displayName: z.string() });

export const Project = z.object({
  projectId: ProjectId,
  name: z.string(),
  description: z.string(),
  visibility: ProjectVisibility.default('public'),
  owner: Person,
  createdAt: Timestamp,
  memberCount: z.int().positive().default(1),
  /** What the caller is in it; absent of somebody outside. */
  role: ProjectRole.optional(),
});
/** A page of its own with a feed, written to by its members. */
export type Project = z.infer<typeof Project>;
export const ProjectResponse = z.object({ project: Project });

export const ProjectMember = Person.extend({ role: ProjectRole, since: Timestamp });
export type ProjectMember = z.infer<typeof ProjectMember>;
/** The owner first, then stewards, then members, each in the order in which they came. */
export const ProjectMemberList = z.object({ members: z.array(ProjectMember) });

export const UpdateProjectMemberRequest = z.object({
  /** `owner` hands the project over: who was it becomes a steward. */
  role: ProjectRole,
});
export type UpdateProjectMemberRequest = z.infer<typeof UpdateProjectMemberRequest>;

/** What an invitation can make somebody. */
export const InvitedRole = ProjectRole.exclude(['owner']);

/** How long an invitation is good, in days. */
const LifetimeDays = z.int().min(1).max(90).default(7);

export const ProjectInvitationsRequest = z.object({
  /** Members of this node, who find the invitation on their page of projects. */
  invitees: z
    .array(z.object({ handle: Handle, role: InvitedRole.default('member') }))
    .max(50)
    .default([]),
  /** A link for whoever has it. */
  link: z
    .object({
      role: InvitedRole.default('member'),
      lifetimeDays: LifetimeDays,
      maxUses: z.int().min(1).max(1000).optional(),
    })
    .optional(),
  /** Ids of invitations to take back. */
  revoke: z.array(z.string().max(64)).max(50).default([]),
});
export type ProjectInvitationsRequest = z.input<typeof ProjectInvitationsRequest>;

export const ProjectInvitation = z.object({
  invitationId: z.string(),
  role: InvitedRole,
  /** Whom it is for; absent of a link. */
  handle: z.string().optional(),
  state: z.enum(['pending', 'used', 'expired', 'revoked']),
  uses: z.int().nonnegative(),
  maxUses: z.int().positive().optional(),
  expiresAt: Timestamp,
  createdAt: Timestamp,
});
export type ProjectInvitation = z.infer<typeof ProjectInvitation>;
export const ProjectInvitationList = z.object({
  /** Newest first. */
  invitations: z.array(ProjectInvitation),
  /** The link that was asked for; only its hash is kept, so it is told this once. */
  link: z.string().optional(),
});
export type ProjectInvitationList = z.infer<typeof ProjectInvitationList>;

export const JoinProjectRequest = z.object({
  /** From a link; without it by an invitation of one's own. */
  token: z.string().max(64).optional(),
});
export type JoinProjectRequest = z.infer<typeof JoinProjectRequest>;

export const ProjectQuery = z.object({
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ProjectQuery = z.infer<typeof ProjectQuery>;

export const ProjectList = z.object({
  projects: z.array(Project),
  /** Projects that one is invited to by name, on the first page. */
  invited: z.array(Project.extend({ invitedAs: InvitedRole })).optional(),
  /** Give it back as `cursor` for the next page; absent on the last. */
  nextCursor: z.string().optional(),
});
export type ProjectList = z.infer<typeof ProjectList>;
