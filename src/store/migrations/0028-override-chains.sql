ALTER TABLE pushes ADD COLUMN chain_root BIGINT;

UPDATE pushes SET chain_root = override_of WHERE override_of IS NOT NULL;

CREATE INDEX pushes_by_chain ON pushes (chain_root, msg_id) WHERE chain_root IS NOT NULL;
