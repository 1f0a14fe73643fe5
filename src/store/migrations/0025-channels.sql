CREATE TABLE channel_credentials (
  app_id BIGINT NOT NULL,
  channel TEXT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (app_id, channel)
);

CREATE INDEX devices_with_channels ON devices (app_id, device_id) WHERE channels <> '{}';

CREATE TABLE dispatches (
  msg_id BIGINT NOT NULL,
  device_id BIGINT NOT NULL,
  app_id BIGINT NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (msg_id, device_id)
) WITHOUT ROWID;

CREATE INDEX dispatches_due ON dispatches (channel, app_id, due_at, msg_id, device_id) WHERE state = 'due';
CREATE INDEX dispatches_under_way ON dispatches (msg_id, device_id) WHERE state = 'under_way';

CREATE TABLE dispatch_attempts (
  msg_id BIGINT NOT NULL,
  device_id BIGINT NOT NULL,
  attempt INTEGER NOT NULL,
  channel TEXT NOT NULL,
  at BIGINT NOT NULL,
  took_ms BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  status INTEGER,
  reason TEXT NOT NULL,
  retry_after_ms BIGINT,
  PRIMARY KEY (msg_id, device_id, attempt)
) WITHOUT ROWID;

CREATE TABLE channel_counts (
  msg_id BIGINT NOT NULL,
  channel TEXT NOT NULL,
  platform TEXT NOT NULL,
  target BIGINT NOT NULL,
  sent BIGINT NOT NULL,
  PRIMARY KEY (msg_id, channel, platform)
) WITHOUT ROWID;
