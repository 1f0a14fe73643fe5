CREATE TABLE deleted_apps (
  app_id BIGINT PRIMARY KEY
);

CREATE TABLE deleted_users (
  uid BIGINT PRIMARY KEY
);

CREATE INDEX pushes_by_app ON pushes (app_id, msg_id);
