CREATE INDEX callbacks_failed ON callbacks (app_id, created_at, attempts) WHERE attempts > 0;
