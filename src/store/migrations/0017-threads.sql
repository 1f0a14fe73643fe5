-- What users have put on messages: a row a message and reaction, and one for each user behind it.
CREATE TABLE reactions (
  reaction_id BIGINT PRIMARY KEY,
  msg_id BIGINT NOT NULL,
  reaction TEXT NOT NULL,
  user_count BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX reactions_by_message ON reactions (msg_id, reaction);

-- place: the order in which they came.
CREATE TABLE reaction_users (
  reaction_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  place BIGINT NOT NULL,
  PRIMARY KEY (reaction_id, uid)
) WITHOUT ROWID;

CREATE INDEX reaction_users_in_order ON reaction_users (reaction_id, place, uid);
CREATE INDEX reaction_users_by_user ON reaction_users (uid, reaction_id);

-- A thread is a group of the kind 'thread', with members of its own; here is what it hangs on.
CREATE TABLE threads (
  thread_id BIGINT PRIMARY KEY,
  parent_id BIGINT NOT NULL,
  msg_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  message_count BIGINT NOT NULL
);

CREATE UNIQUE INDEX threads_by_message ON threads (msg_id);
CREATE INDEX threads_by_parent ON threads (parent_id, created_at, thread_id);
