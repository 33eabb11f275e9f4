/** The projects' tables: the feed's queries read them too. */
export const PROJECT_STEPS = [
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
  `ALTER TABLE projects ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';
   CREATE TABLE project_members (
     project_id TEXT NOT NULL,
     user_id TEXT NOT NULL,
     handle TEXT NOT NULL,
     display_name TEXT NOT NULL,
     role TEXT NOT NULL CHECK (role IN ('owner', 'steward', 'member')),
     since TEXT NOT NULL,
     PRIMARY KEY (project_id, user_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX projects_of_member ON project_members (user_id);
   CREATE UNIQUE INDEX one_owner ON project_members (project_id) WHERE role = 'owner';
   INSERT INTO project_members
     SELECT project_id, owner_user_id, owner_handle, owner_display_name, 'owner', created_at
     FROM projects;
   CREATE TABLE project_invitations (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     invitation_id TEXT NOT NULL UNIQUE,
     project_id TEXT NOT NULL,
     role TEXT NOT NULL CHECK (role IN ('steward', 'member')),
     user_id TEXT,
     handle TEXT,
     token_hash TEXT UNIQUE,
     uses INTEGER NOT NULL DEFAULT 0,
     max_uses INTEGER,
     expires_at INTEGER NOT NULL,
     revoked INTEGER NOT NULL DEFAULT 0,
     created_at TEXT NOT NULL
   ) STRICT;
   CREATE INDEX invitations_of_project ON project_invitations (project_id, seq);
   CREATE INDEX invitations_of_member ON project_invitations (user_id) WHERE user_id IS NOT NULL;
   ALTER TABLE projects DROP COLUMN owner_user_id;
   ALTER TABLE projects DROP COLUMN owner_handle;
   ALTER TABLE projects DROP COLUMN owner_display_name;`,
];
