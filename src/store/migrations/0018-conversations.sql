-- Conversations as their users list them: one with another user has a row from its first message on, one with a group
-- once there is anything to keep of it. `read_through` and `removed_through` are message ids; `marks` has a bit a mark.
CREATE TABLE conversations (
  uid BIGINT NOT NULL,
  conversation TEXT NOT NULL,
  read_through BIGINT NOT NULL,
  removed_through BIGINT NOT NULL,
  pinned_at BIGINT NOT NULL,
  marks BIGINT NOT NULL,
  PRIMARY KEY (uid, conversation)
) WITHOUT ROWID;

INSERT INTO conversations (uid, conversation, read_through, removed_through, pinned_at, marks)
SELECT DISTINCT u.uid, m.conversation, 0, 0, 0, 0
FROM messages m JOIN users u ON u.app_id = m.app_id AND (u.username = m.sender OR u.username = m.target)
WHERE m.chat_type = 'chat' AND m.conversation LIKE 'u:%';

-- Who has read a message of a group and said so.
CREATE TABLE message_readers (
  msg_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (msg_id, uid)
) WITHOUT ROWID;

CREATE INDEX message_readers_by_user ON message_readers (uid, msg_id);
CREATE INDEX message_readers_in_order ON message_readers (msg_id, read_at, uid);
