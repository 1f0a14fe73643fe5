ALTER TABLE user_bindings ADD COLUMN binding_id BIGINT NOT NULL DEFAULT 0;

UPDATE user_bindings SET binding_id = numbered.place
FROM (SELECT uid, device_name, ROW_NUMBER() OVER (ORDER BY uid, device_name) AS place FROM user_bindings) AS numbered
WHERE user_bindings.uid = numbered.uid AND user_bindings.device_name = numbered.device_name;

INSERT INTO sequences (name, value) SELECT 'bindings', COALESCE(MAX(binding_id), 0) FROM user_bindings;

CREATE UNIQUE INDEX user_bindings_by_id ON user_bindings (binding_id);

ALTER TABLE dispatch_attempts ADD COLUMN username TEXT;
ALTER TABLE dispatch_attempts ADD COLUMN device_name TEXT;

ALTER TABLE channel_credentials ADD COLUMN memory TEXT;
