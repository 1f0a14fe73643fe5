CREATE TABLE group_roles (
  group_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  role TEXT NOT NULL,
  since BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, uid, role)
) WITHOUT ROWID;

CREATE INDEX group_roles_by_age ON group_roles (group_id, role, since, uid);
CREATE INDEX group_roles_by_user ON group_roles (uid, group_id);
CREATE INDEX group_roles_by_end ON group_roles (ends_at);

ALTER TABLE groups ADD COLUMN announcement TEXT NOT NULL DEFAULT '';
