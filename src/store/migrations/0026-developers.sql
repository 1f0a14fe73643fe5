CREATE TABLE developers (
  developer_id BIGINT PRIMARY KEY,
  org TEXT NOT NULL,
  name TEXT NOT NULL,
  developer_key TEXT NOT NULL,
  secret_digest TEXT NOT NULL,
  may_administer INTEGER NOT NULL,
  may_use_files INTEGER NOT NULL
);

CREATE UNIQUE INDEX developers_by_name ON developers (org, name);
CREATE UNIQUE INDEX developers_by_key ON developers (developer_key);

ALTER TABLE apps ADD COLUMN title TEXT;
ALTER TABLE apps ADD COLUMN android_package TEXT;
CREATE UNIQUE INDEX apps_by_title ON apps (org, title);

ALTER TABLE push_files ADD COLUMN developer_id BIGINT NOT NULL DEFAULT 0;
DROP INDEX push_files_by_app;
CREATE INDEX push_files_by_owner ON push_files (app_id, developer_id, created_at);
