CREATE TABLE callbacks (
  callback_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  rule TEXT NOT NULL,
  event TEXT NOT NULL,
  receiver TEXT NOT NULL,
  msg_id BIGINT NOT NULL,
  content TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at BIGINT
);

CREATE INDEX callbacks_due ON callbacks (app_id, rule, due_at, callback_id) WHERE due_at IS NOT NULL;
CREATE INDEX callbacks_by_app ON callbacks (app_id, created_at, callback_id);
