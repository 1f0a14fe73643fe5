CREATE TABLE contacts (
  uid BIGINT NOT NULL,
  contact_uid BIGINT NOT NULL,
  remark TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (uid, contact_uid)
) WITHOUT ROWID;

CREATE INDEX contacts_by_age ON contacts (uid, added_at, contact_uid);

CREATE TABLE contact_invitations (
  uid BIGINT NOT NULL,
  inviter_uid BIGINT NOT NULL,
  invited_at BIGINT NOT NULL,
  PRIMARY KEY (uid, inviter_uid)
) WITHOUT ROWID;

CREATE INDEX contact_invitations_by_age ON contact_invitations (uid, invited_at, inviter_uid);
CREATE INDEX contact_invitations_by_inviter ON contact_invitations (inviter_uid, invited_at, uid);

CREATE TABLE user_blocks (
  uid BIGINT NOT NULL,
  blocked_uid BIGINT NOT NULL,
  blocked_at BIGINT NOT NULL,
  PRIMARY KEY (uid, blocked_uid)
) WITHOUT ROWID;

CREATE INDEX user_blocks_by_age ON user_blocks (uid, blocked_at, blocked_uid);
CREATE INDEX user_blocks_by_blocked ON user_blocks (blocked_uid, uid);

CREATE TABLE user_mutes (
  uid BIGINT NOT NULL,
  chat_type TEXT NOT NULL,
  app_id BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (uid, chat_type)
) WITHOUT ROWID;

CREATE INDEX user_mutes_by_app ON user_mutes (app_id, uid, chat_type);
CREATE INDEX user_mutes_by_end ON user_mutes (ends_at);
