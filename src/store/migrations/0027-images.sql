CREATE TABLE images (
  media_id TEXT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  urls TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX images_by_app ON images (app_id, expires_at);
CREATE INDEX images_by_expiry ON images (expires_at);

CREATE TABLE image_files (
  file_id TEXT PRIMARY KEY,
  media_id TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX image_files_by_image ON image_files (media_id, created_at);
