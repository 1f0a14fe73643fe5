CREATE TABLE devices (
  device_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  registration_id TEXT NOT NULL,
  password_digest TEXT NOT NULL,
  platform TEXT NOT NULL,
  alias TEXT NOT NULL,
  mobile TEXT NOT NULL,
  session TEXT,
  last_online_at BIGINT NOT NULL,
  offline_from BIGINT NOT NULL,
  broadcast_cursor BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX devices_by_registration ON devices (registration_id);
CREATE INDEX devices_by_alias ON devices (app_id, alias, device_id);
CREATE INDEX devices_by_platform ON devices (app_id, platform, device_id);

CREATE TABLE device_tags (
  app_id BIGINT NOT NULL,
  tag TEXT NOT NULL,
  device_id BIGINT NOT NULL,
  PRIMARY KEY (app_id, tag, device_id)
) WITHOUT ROWID;

CREATE INDEX device_tags_by_device ON device_tags (device_id, tag);

CREATE TABLE pushes (
  msg_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  platforms TEXT NOT NULL,
  audience TEXT NOT NULL,
  content TEXT NOT NULL,
  is_broadcast INTEGER NOT NULL,
  state TEXT NOT NULL,
  override_of BIGINT,
  fan_out_after BIGINT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX pushes_by_app ON pushes (app_id, msg_id);
CREATE INDEX broadcasts_by_app ON pushes (app_id, is_broadcast, msg_id);
CREATE INDEX pushes_by_expiry ON pushes (expires_at);

CREATE TABLE push_targets (
  device_id BIGINT NOT NULL,
  msg_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (device_id, msg_id)
) WITHOUT ROWID;

CREATE TABLE broadcast_receipts (
  msg_id BIGINT NOT NULL,
  chunk BIGINT NOT NULL,
  received BYTEA NOT NULL,
  PRIMARY KEY (msg_id, chunk)
) WITHOUT ROWID;

CREATE TABLE push_counts (
  msg_id BIGINT NOT NULL,
  platform TEXT NOT NULL,
  received BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  PRIMARY KEY (msg_id, platform)
) WITHOUT ROWID;
