CREATE TABLE files (
  file_no BIGINT PRIMARY KEY,
  file_id TEXT NOT NULL,
  app_id BIGINT NOT NULL,
  group_id BIGINT,
  owner_uid BIGINT NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  secret_digest TEXT,
  thumbnail_width BIGINT NOT NULL,
  thumbnail_height BIGINT NOT NULL,
  has_content INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX files_by_id ON files (file_id);
CREATE INDEX files_by_app ON files (app_id, file_no);
CREATE INDEX files_by_group ON files (group_id, file_no) WHERE group_id IS NOT NULL;
CREATE INDEX files_to_expire ON files (created_at, file_no) WHERE group_id IS NULL AND has_content = 1;
CREATE INDEX files_to_forget ON files (created_at, file_no) WHERE has_content = 0;

CREATE TABLE removed_contents (
  file_id TEXT PRIMARY KEY
) WITHOUT ROWID;
