CREATE TABLE groups (
  group_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  is_public INTEGER NOT NULL,
  max_users BIGINT NOT NULL,
  members_only INTEGER NOT NULL,
  allow_invites INTEGER NOT NULL,
  invite_need_confirm INTEGER NOT NULL,
  custom TEXT NOT NULL,
  avatar TEXT,
  scale TEXT NOT NULL,
  is_disabled INTEGER NOT NULL,
  is_muted INTEGER NOT NULL,
  owner_uid BIGINT NOT NULL,
  member_count BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL
);

CREATE INDEX groups_by_age ON groups (app_id, kind, created_at, group_id);
CREATE INDEX groups_by_owner ON groups (owner_uid, kind, group_id);

CREATE TABLE group_counts (
  app_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (app_id, kind)
) WITHOUT ROWID;

CREATE TABLE group_members (
  group_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  kind TEXT NOT NULL,
  joined_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, uid)
) WITHOUT ROWID;

CREATE INDEX group_members_by_age ON group_members (group_id, joined_at, uid);
CREATE INDEX group_members_by_user ON group_members (uid, kind, joined_at, group_id);

CREATE TABLE dissolved_groups (
  group_id BIGINT PRIMARY KEY
);
