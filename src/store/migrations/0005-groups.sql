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
  is_disabled INTEGER NOT NULL,
  is_muted INTEGER NOT NULL,
  owner_uid BIGINT NOT NULL,
  member_count BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL
);

CREATE INDEX groups_by_app ON groups (app_id, kind, group_id);
CREATE INDEX groups_by_owner ON groups (owner_uid, group_id);

CREATE TABLE group_members (
  group_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  joined_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, uid)
) WITHOUT ROWID;

CREATE INDEX group_members_by_user ON group_members (uid, group_id);
