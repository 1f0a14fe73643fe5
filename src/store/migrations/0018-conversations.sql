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

-- What any device has got by now counts as read: until now nobody could say so.
INSERT INTO conversations (uid, conversation, read_through, removed_through, pinned_at, marks)
SELECT p.uid, p.conversation,
  COALESCE((SELECT MAX(c.acknowledged) FROM inbox_cursors c WHERE c.uid = p.uid AND c.queue = 'u:' || p.peer), 0),
  0, 0, 0
FROM (SELECT DISTINCT u.uid, m.conversation, CASE WHEN u.username = m.sender THEN m.target ELSE m.sender END AS peer
  FROM messages m JOIN users u ON u.app_id = m.app_id AND (u.username = m.sender OR u.username = m.target)
  WHERE m.chat_type = 'chat' AND m.conversation LIKE 'u:%') AS p;

INSERT INTO conversations (uid, conversation, read_through, removed_through, pinned_at, marks)
SELECT c.uid, c.queue, MAX(c.acknowledged), 0, 0, 0
FROM inbox_cursors c JOIN group_members m ON m.uid = c.uid AND c.queue = 'g:' || CAST(m.group_id AS TEXT)
WHERE m.kind = 'group'
GROUP BY c.uid, c.queue;

-- Who has read a message of a group and said so.
CREATE TABLE message_readers (
  msg_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (msg_id, uid)
) WITHOUT ROWID;

CREATE INDEX message_readers_by_user ON message_readers (uid, msg_id);
CREATE INDEX message_readers_in_order ON message_readers (msg_id, read_at, uid);
