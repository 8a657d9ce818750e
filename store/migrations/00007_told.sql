-- +goose Up

-- Who was told that a slot's digest was not posted, empty while nobody was; when
-- that may be tried again, and how often it was. Of what failed before this step
-- nobody is told: that would be a flood of old news.
ALTER TABLE slots ADD COLUMN told TEXT NOT NULL DEFAULT '';
ALTER TABLE slots ADD COLUMN tell_after BIGINT;
ALTER TABLE slots ADD COLUMN tells BIGINT NOT NULL DEFAULT 0;
UPDATE slots SET told = 'nobody' WHERE state = 'failed';
CREATE INDEX slots_untold ON slots (due, id) WHERE told = '' AND (state = 'failed' OR tries >= 3);
