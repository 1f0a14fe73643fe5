CREATE TABLE app_groups (
  group_id BIGINT PRIMARY KEY,
  org TEXT NOT NULL,
  name TEXT NOT NULL,
  group_key TEXT NOT NULL,
  master_secret TEXT NOT NULL
);

CREATE UNIQUE INDEX app_groups_by_name ON app_groups (org, name);
CREATE UNIQUE INDEX app_groups_by_key ON app_groups (group_key);

CREATE TABLE app_group_members (
  group_id BIGINT NOT NULL,
  app_id BIGINT NOT NULL,
  PRIMARY KEY (group_id, app_id)
) WITHOUT ROWID;

CREATE INDEX app_groups_by_member ON app_group_members (app_id, group_id);

CREATE TABLE group_pushes (
  group_msg_id BIGINT NOT NULL,
  app_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  msg_id BIGINT NOT NULL,
  PRIMARY KEY (group_msg_id, app_id)
) WITHOUT ROWID;
