-- JSON of {"operator","editedAt","count"}; null = as it was sent.
ALTER TABLE messages ADD COLUMN edit TEXT;
-- Of a room's message through REST: high, normal or low; null = nothing was said.
ALTER TABLE messages ADD COLUMN priority TEXT;

-- What a user has removed from its own view of a conversation: everything up to an id, and single messages.
CREATE TABLE history_starts (
  uid BIGINT NOT NULL,
  conversation TEXT NOT NULL,
  after BIGINT NOT NULL,
  PRIMARY KEY (uid, conversation)
) WITHOUT ROWID;

CREATE TABLE history_hidden (
  uid BIGINT NOT NULL,
  msg_id BIGINT NOT NULL,
  PRIMARY KEY (uid, msg_id)
) WITHOUT ROWID;

CREATE INDEX history_starts_by_age ON history_starts (after);
CREATE INDEX history_hidden_by_age ON history_hidden (msg_id);
