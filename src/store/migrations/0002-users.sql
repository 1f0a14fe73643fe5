CREATE TABLE users (
  uid BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  username TEXT NOT NULL,
  uuid TEXT NOT NULL,
  password TEXT,
  nickname TEXT,
  activated INTEGER NOT NULL,
  tokens_from BIGINT NOT NULL,
  push_settings TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX users_by_name ON users (app_id, username);
CREATE UNIQUE INDEX users_by_uuid ON users (app_id, uuid);
CREATE INDEX users_by_age ON users (app_id, uid);
CREATE INDEX users_by_change ON users (app_id, modified_at, uid);
