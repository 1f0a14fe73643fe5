CREATE TABLE schedules (
  schedule_id TEXT PRIMARY KEY,
  app_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  trigger_rule TEXT NOT NULL,
  request TEXT NOT NULL,
  shown_trigger TEXT NOT NULL,
  shown_push TEXT NOT NULL,
  next_run_at BIGINT,
  ends_at BIGINT NOT NULL
);

CREATE INDEX schedules_by_app ON schedules (app_id, number);
CREATE INDEX schedules_due ON schedules (next_run_at) WHERE next_run_at IS NOT NULL;
CREATE INDEX schedules_by_end ON schedules (ends_at);

CREATE TABLE schedule_runs (
  schedule_id TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  msg_id BIGINT,
  refusal TEXT,
  PRIMARY KEY (schedule_id, run_at)
) WITHOUT ROWID;
