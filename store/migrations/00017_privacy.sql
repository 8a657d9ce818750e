-- +goose Up

-- How often somebody was forgotten in the revisions of a desk: what was read of
-- them before is out of date.
ALTER TABLE desks ADD COLUMN renewed BIGINT NOT NULL DEFAULT 0;

-- To see what is kept of a person.
CREATE INDEX revisions_by_author ON revisions (recorded_by, desk);
CREATE INDEX revisions_by_approver ON revisions (approved_by, desk) WHERE approved_by <> '';
CREATE INDEX drafts_by_author ON drafts (author);
CREATE INDEX queue_by_author ON queue (author);
CREATE INDEX looks_by_person ON looks (person);
CREATE INDEX subscriptions_by_maker ON subscriptions (created_by);
CREATE INDEX slots_by_recaller ON slots (recalled_by) WHERE recalled_by <> '';
CREATE INDEX settings_log_by_author ON settings_log (recorded_by);
CREATE INDEX holds_by_holder ON holds (held_by);

-- The servers that removed the bot, and when. What is kept of them goes thirty
-- days later, unless they take it back before. Purging is 1 from when that has
-- begun: only then do the triggers on revisions and settings_log let rows go.
CREATE TABLE departures (
    desk    TEXT   NOT NULL PRIMARY KEY,
    left_at BIGINT NOT NULL,
    purging BIGINT NOT NULL DEFAULT 0 CHECK (purging IN (0, 1))
);

CREATE INDEX departures_by_time ON departures (left_at);
