-- +goose Up

-- A role to mention; 1 for a thread under every message, and for publishing it
-- to the followers of an announcement channel.
ALTER TABLE subscriptions ADD COLUMN mention TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN thread BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN publish BIGINT NOT NULL DEFAULT 0;

-- Where the message is: its subscription may post elsewhere by now.
ALTER TABLE slots ADD COLUMN channel TEXT NOT NULL DEFAULT '';
UPDATE slots
SET channel = (SELECT subscriptions.channel FROM subscriptions WHERE subscriptions.id = slots.subscription)
WHERE message <> '';

-- Why and by whom the message was taken back; both empty where it was not.
ALTER TABLE slots ADD COLUMN recalled TEXT NOT NULL DEFAULT '';
ALTER TABLE slots ADD COLUMN recalled_by TEXT NOT NULL DEFAULT '';

-- What is to be done about a message once it is there. A row that is done stays,
-- for Discord counts what is published in an hour.
CREATE TABLE errands (
    slot       TEXT   NOT NULL REFERENCES slots (id),
    kind       TEXT   NOT NULL CHECK (kind IN ('thread', 'publish')),
    channel    TEXT   NOT NULL,
    not_before BIGINT NOT NULL DEFAULT 0,
    done_at    BIGINT,
    PRIMARY KEY (slot, kind)
);

CREATE INDEX errands_open ON errands (not_before, slot) WHERE done_at IS NULL;
CREATE INDEX errands_published ON errands (channel, done_at) WHERE kind = 'publish';
