ALTER TABLE pushes ADD COLUMN chain_root BIGINT;

UPDATE pushes SET chain_root = override_of WHERE override_of IS NOT NULL;
