CREATE TABLE group_requests (
  group_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  inviter_uid BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, uid, inviter_uid)
) WITHOUT ROWID;

CREATE INDEX group_requests_by_age ON group_requests (group_id, asked_at, uid, inviter_uid);
CREATE INDEX group_requests_by_user ON group_requests (uid, asked_at, group_id, inviter_uid);
CREATE INDEX group_requests_by_inviter ON group_requests (inviter_uid, group_id, uid);

CREATE TABLE group_member_attributes (
  group_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (group_id, uid, name)
) WITHOUT ROWID;

CREATE INDEX group_member_attributes_by_user ON group_member_attributes (uid, group_id, name);

CREATE TABLE room_attributes (
  group_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  uid BIGINT NOT NULL,
  goes_with_user INTEGER NOT NULL,
  PRIMARY KEY (group_id, name)
) WITHOUT ROWID;

CREATE INDEX room_attributes_by_user ON room_attributes (uid, group_id, name);

CREATE TABLE super_admins (
  app_id BIGINT NOT NULL,
  uid BIGINT PRIMARY KEY,
  added_at BIGINT NOT NULL
);

CREATE INDEX super_admins_by_age ON super_admins (app_id, added_at, uid);

CREATE INDEX groups_public ON groups (app_id, kind, created_at, group_id) WHERE is_public = 1;
