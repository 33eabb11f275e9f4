import type { DatabaseSync } from 'node:sqlite';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import { type CreateProjectRequest, Project } from '../../protocol/projects.ts';
import { type Clock, isoTime } from '../clock.ts';
import { migrate } from '../storage/database.ts';
import type { PostAuthor } from './stream-posts.ts';

const STEPS = [
  `CREATE TABLE projects (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     project_id TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     description TEXT NOT NULL,
     owner_user_id TEXT NOT NULL,
     owner_handle TEXT NOT NULL,
     owner_display_name TEXT NOT NULL,
     created_at TEXT NOT NULL
   ) STRICT`,
];

/** The list is one page: past this many, the oldest are reached by their links alone. */
const LIST_LIMIT = 500;

/** Pages of their own with a feed, each started and written to by one member. */
export class Projects {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  constructor(options: { db: DatabaseSync; clock: Clock }) {
    this.#db = options.db;
    this.#clock = options.clock;
    migrate(this.#db, 'projects', STEPS);
  }

  create(owner: PostAuthor, request: CreateProjectRequest): Project {
    const row = this.#db
      .prepare(
        `INSERT INTO projects (project_id, name, description, owner_user_id, owner_handle,
           owner_display_name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(
        `proj_${nanoid(16)}`,
        request.name,
        request.description ?? '',
        owner.userId,
        owner.handle,
        owner.displayName,
        isoTime(this.#clock()),
      );
    return projectOf(row ?? {});
  }

  /** Newest first. */
  list(): Project[] {
    return this.#db
      .prepare('SELECT * FROM projects ORDER BY seq DESC LIMIT ?')
      .all(LIST_LIMIT)
      .map(projectOf);
  }

  /** Throws `project-not-found`. */
  get(projectId: string): Project {
    const row = this.#db.prepare('SELECT * FROM projects WHERE project_id = ?').get(projectId);
    if (row) return projectOf(row);
    throw new ProtocolError('project-not-found', 'There is no such project on this node.');
  }

  /** Throws `project-not-found`, `forbidden`. */
  requireOwner(projectId: string, userId: string): Project {
    const project = this.get(projectId);
    if (project.owner.userId === userId) return project;
    throw new ProtocolError(
      'forbidden',
      'Only the owner of this project can post or go live there. Use your profile instead.',
    );
  }

  /** Carries a member's new name to the projects it owns. */
  renameOwner(owner: PostAuthor): void {
    this.#db
      .prepare(
        'UPDATE projects SET owner_handle = ?, owner_display_name = ? WHERE owner_user_id = ?',
      )
      .run(owner.handle, owner.displayName, owner.userId);
  }
}

function projectOf(row: Record<string, unknown>): Project {
  return Project.parse({
    projectId: row.project_id,
    name: row.name,
    description: row.description,
    owner: {
      userId: row.owner_user_id,
      handle: row.owner_handle,
      displayName: row.owner_display_name,
    },
    createdAt: row.created_at,
  });
}
