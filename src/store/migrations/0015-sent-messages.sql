CREATE INDEX sent_messages_by_id ON sent_messages (msg_id);
