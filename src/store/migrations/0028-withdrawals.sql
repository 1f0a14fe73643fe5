ALTER TABLE pushes ADD COLUMN withdraws BIGINT;

CREATE INDEX withdrawals_by_app ON pushes (app_id, msg_id) WHERE withdraws IS NOT NULL;
