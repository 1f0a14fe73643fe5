CREATE TABLE messages (
  msg_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  chat_type TEXT NOT NULL,
  sender TEXT NOT NULL,
  target TEXT NOT NULL,
  payload TEXT NOT NULL
);

CREATE INDEX messages_by_app ON messages (app_id, msg_id);

CREATE TABLE inbox (
  uid BIGINT NOT NULL,
  msg_id BIGINT NOT NULL,
  PRIMARY KEY (uid, msg_id)
) WITHOUT ROWID;
