CREATE TABLE user_bindings (
  uid BIGINT NOT NULL,
  device_name TEXT NOT NULL,
  app_id BIGINT NOT NULL,
  notifier TEXT NOT NULL,
  token TEXT NOT NULL,
  push_device BIGINT,
  bound_at BIGINT NOT NULL,
  PRIMARY KEY (uid, device_name)
) WITHOUT ROWID;

CREATE INDEX user_bindings_by_token ON user_bindings (app_id, notifier, token);
CREATE INDEX user_bindings_by_push_device ON user_bindings (push_device);

CREATE TABLE notification_settings (
  uid BIGINT NOT NULL,
  target TEXT NOT NULL,
  remind TEXT NOT NULL,
  quiet_interval TEXT NOT NULL,
  quiet_until BIGINT NOT NULL,
  PRIMARY KEY (uid, target)
) WITHOUT ROWID;

CREATE TABLE notification_languages (
  uid BIGINT PRIMARY KEY,
  language TEXT NOT NULL
);

CREATE TABLE push_templates (
  app_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, name)
) WITHOUT ROWID;

CREATE TABLE user_attributes (
  uid BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  attributes TEXT NOT NULL,
  bytes INTEGER NOT NULL
);

CREATE TABLE user_attribute_bytes (
  app_id BIGINT PRIMARY KEY,
  bytes BIGINT NOT NULL
);

CREATE TABLE presences (
  uid BIGINT PRIMARY KEY,
  ext TEXT NOT NULL
);

CREATE TABLE presence_states (
  uid BIGINT NOT NULL,
  resource TEXT NOT NULL,
  status INTEGER NOT NULL,
  PRIMARY KEY (uid, resource)
) WITHOUT ROWID;

CREATE TABLE presence_subscriptions (
  uid BIGINT NOT NULL,
  target_uid BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (uid, target_uid)
) WITHOUT ROWID;

CREATE INDEX presence_subscriptions_by_target ON presence_subscriptions (target_uid, expires_at, uid);
CREATE INDEX presence_subscriptions_by_end ON presence_subscriptions (expires_at);
