CREATE TABLE sequences (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE apps (
  app_id BIGINT PRIMARY KEY,
  org TEXT NOT NULL,
  app TEXT NOT NULL,
  uuid TEXT NOT NULL,
  client_secret TEXT NOT NULL,
  app_key TEXT NOT NULL,
  master_secret TEXT NOT NULL,
  settings TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX apps_by_name ON apps (org, app);

CREATE TABLE idempotency (
  app_id BIGINT NOT NULL,
  scope TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  result TEXT NOT NULL,
  answered_at BIGINT NOT NULL,
  took_ms BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, scope, idempotency_key)
);

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
