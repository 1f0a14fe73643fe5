CREATE TABLE push_files (
  file_id TEXT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  has_ttl INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX push_files_by_app ON push_files (app_id, created_at);
CREATE INDEX push_files_by_expiry ON push_files (expires_at);

CREATE TABLE push_file_chunks (
  file_id TEXT NOT NULL,
  chunk BIGINT NOT NULL,
  entries TEXT NOT NULL,
  PRIMARY KEY (file_id, chunk)
);
