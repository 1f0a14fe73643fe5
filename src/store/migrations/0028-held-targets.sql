CREATE INDEX held_targets ON push_targets (device_id, msg_id) WHERE state = 'vendor_first';
