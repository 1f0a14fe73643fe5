CREATE TABLE fan_outs (
  msg_id BIGINT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  first_position BIGINT,
  last_position BIGINT,
  ends_at BIGINT
);

CREATE INDEX fan_outs_due ON fan_outs (due_at, msg_id);
CREATE INDEX fan_outs_paced ON fan_outs (app_id) WHERE ends_at IS NOT NULL;

INSERT INTO fan_outs (msg_id, app_id, position, due_at)
  SELECT msg_id, app_id, fan_out_after, 0 FROM pushes WHERE fan_out_after IS NOT NULL;

DROP INDEX pushes_to_fan_out;
ALTER TABLE pushes DROP COLUMN fan_out_after;
