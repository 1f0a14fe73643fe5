CREATE TABLE devices (
  device_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  registration_id TEXT NOT NULL,
  password_digest TEXT NOT NULL,
  platform TEXT NOT NULL,
  alias TEXT NOT NULL,
  mobile TEXT NOT NULL,
  channels TEXT NOT NULL,
  session TEXT,
  last_online_at BIGINT NOT NULL,
  offline_from BIGINT NOT NULL,
  broadcast_cursor BIGINT NOT NULL,
  kept_broadcasts TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX devices_by_registration ON devices (registration_id);
CREATE INDEX devices_by_alias ON devices (app_id, alias, device_id);
CREATE INDEX devices_with_session ON devices (device_id) WHERE session IS NOT NULL;
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

CREATE INDEX broadcasts_by_app ON pushes (app_id, msg_id) WHERE is_broadcast = 1;
CREATE INDEX pushes_by_override ON pushes (override_of) WHERE override_of IS NOT NULL;
CREATE INDEX pushes_to_fan_out ON pushes (msg_id) WHERE fan_out_after IS NOT NULL;

CREATE TABLE push_targets (
  device_id BIGINT NOT NULL,
  msg_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (device_id, msg_id)
) WITHOUT ROWID;

CREATE INDEX push_queues ON push_targets (device_id, msg_id) WHERE state = 'pending';

CREATE TABLE broadcast_receipts (
  msg_id BIGINT NOT NULL,
  event TEXT NOT NULL,
  chunk BIGINT NOT NULL,
  devices BYTEA NOT NULL,
  PRIMARY KEY (msg_id, event, chunk)
) WITHOUT ROWID;

CREATE TABLE push_counts (
  msg_id BIGINT NOT NULL,
  platform TEXT NOT NULL,
  received BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  PRIMARY KEY (msg_id, platform)
) WITHOUT ROWID;
