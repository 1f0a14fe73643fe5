ALTER TABLE pushes ADD COLUMN chain_root BIGINT;

UPDATE pushes SET chain_root = override_of WHERE override_of IS NOT NULL;

CREATE INDEX pushes_by_chain ON pushes (chain_root, msg_id) WHERE chain_root IS NOT NULL;

ALTER TABLE pushes ADD COLUMN withdraws BIGINT;

CREATE INDEX withdrawals_by_app ON pushes (app_id, msg_id) WHERE withdraws IS NOT NULL;

CREATE INDEX held_targets ON push_targets (device_id, msg_id) WHERE state = 'vendor_first';
CREATE INDEX pushes_to_all ON pushes (app_id, msg_id) WHERE audience = '"all"' AND withdraws IS NULL;
