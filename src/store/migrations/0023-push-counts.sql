ALTER TABLE push_counts ADD COLUMN target BIGINT NOT NULL DEFAULT 0;
ALTER TABLE push_counts ADD COLUMN displayed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pushes ADD COLUMN through_device BIGINT NOT NULL DEFAULT 0;

CREATE TABLE device_counts (
  app_id BIGINT NOT NULL,
  platform TEXT NOT NULL,
  devices BIGINT NOT NULL,
  PRIMARY KEY (app_id, platform)
) WITHOUT ROWID;

INSERT INTO device_counts (app_id, platform, devices)
  SELECT app_id, platform, COUNT(*) FROM devices GROUP BY app_id, platform;
