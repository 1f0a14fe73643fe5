ALTER TABLE devices ADD COLUMN online_noted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN active_noted_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE usage_counts (
  app_id BIGINT NOT NULL,
  unit TEXT NOT NULL,
  period BIGINT NOT NULL,
  platform TEXT NOT NULL,
  registered BIGINT NOT NULL,
  online BIGINT NOT NULL,
  active BIGINT NOT NULL,
  PRIMARY KEY (app_id, unit, period, platform)
) WITHOUT ROWID;

CREATE INDEX usage_counts_by_period ON usage_counts (period);
