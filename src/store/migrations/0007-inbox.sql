CREATE TABLE new_inbox (
  uid BIGINT NOT NULL,
  queue TEXT NOT NULL,
  entry_id BIGINT NOT NULL,
  origin BIGINT NOT NULL,
  is_transient INTEGER NOT NULL,
  PRIMARY KEY (uid, queue, entry_id)
) WITHOUT ROWID;

INSERT INTO new_inbox (uid, queue, entry_id, origin, is_transient)
SELECT i.uid, CASE m.chat_type WHEN 'chat' THEN 'u:' || m.sender ELSE 'g:' || m.target END, i.msg_id, 0, 0
FROM inbox i JOIN messages m ON m.msg_id = i.msg_id;

DROP TABLE inbox;
ALTER TABLE new_inbox RENAME TO inbox;

CREATE TABLE notices (
  notice_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  content TEXT NOT NULL
);

CREATE INDEX notices_by_app ON notices (app_id, notice_id);

ALTER TABLE messages ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN sender_resource TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN body TEXT;

UPDATE messages SET conversation = CASE
  WHEN chat_type = 'groupchat' THEN 'g:' || target
  WHEN chat_type = 'chatroom' THEN 'r:' || target
  WHEN sender < target THEN 'u:' || sender || ' ' || target
  ELSE 'u:' || target || ' ' || sender
END;

CREATE INDEX messages_by_conversation ON messages (app_id, conversation, msg_id);

CREATE TABLE user_devices (
  device_id BIGINT PRIMARY KEY,
  uid BIGINT NOT NULL,
  app_id BIGINT NOT NULL,
  resource TEXT NOT NULL,
  device_uuid TEXT NOT NULL,
  device_name TEXT NOT NULL,
  os TEXT NOT NULL,
  session TEXT,
  session_from BIGINT NOT NULL,
  since BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX user_devices_by_resource ON user_devices (uid, resource);
CREATE INDEX user_devices_with_session ON user_devices (device_id) WHERE session IS NOT NULL;

CREATE TABLE inbox_cursors (
  uid BIGINT NOT NULL,
  queue TEXT NOT NULL,
  device_id BIGINT NOT NULL,
  acknowledged BIGINT NOT NULL,
  PRIMARY KEY (uid, queue, device_id)
) WITHOUT ROWID;

CREATE TABLE sent_messages (
  device_id BIGINT NOT NULL,
  client_id TEXT NOT NULL,
  msg_id BIGINT NOT NULL,
  PRIMARY KEY (device_id, client_id)
) WITHOUT ROWID;
