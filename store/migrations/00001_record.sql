-- Times are milliseconds UTC since 1970, ids are made by the application: then
-- one text serves SQLite and Postgres.

-- +goose Up

-- Of copies that take the same step at once, one can record it.
CREATE UNIQUE INDEX schema_versions_once ON schema_versions (version_id);

-- A row for every desk with revisions of its own. Its rev is the version that
-- a change has to have seen.
CREATE TABLE desks (
    desk        TEXT   NOT NULL PRIMARY KEY,
    rev         BIGINT NOT NULL CHECK (rev > 0),
    recorded_at BIGINT NOT NULL
);

-- place keeps the order in which the items of one rev were published; edition is
-- that of the bundled catalogue, 0 for anything else.
CREATE TABLE revisions (
    desk        TEXT   NOT NULL REFERENCES desks (desk),
    rev         BIGINT NOT NULL,
    item        TEXT   NOT NULL,
    place       BIGINT NOT NULL,
    op          TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT   NOT NULL,
    approved_by TEXT   NOT NULL,
    edition     BIGINT NOT NULL,
    PRIMARY KEY (desk, rev, item)
);

CREATE TABLE drafts (
    id          TEXT   NOT NULL PRIMARY KEY,
    desk        TEXT   NOT NULL,
    author      TEXT   NOT NULL,
    item        TEXT   NOT NULL,
    seen        BIGINT NOT NULL,
    fields      TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL
);

CREATE INDEX drafts_by_desk ON drafts (desk, recorded_at);

-- What readers left for moderators, once for each person and subject; a row goes
-- when a moderator has dealt with it.
CREATE TABLE queue (
    id          TEXT   NOT NULL PRIMARY KEY,
    desk        TEXT   NOT NULL,
    sort        TEXT   NOT NULL CHECK (sort IN ('asked', 'reported')),
    subject     TEXT   NOT NULL,
    author      TEXT   NOT NULL,
    said        TEXT   NOT NULL,
    fault       TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    UNIQUE (desk, sort, subject, author)
);

-- The rev of a desk that somebody last saw the changes up to.
CREATE TABLE looks (
    desk      TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    rev       BIGINT NOT NULL,
    looked_at BIGINT NOT NULL,
    PRIMARY KEY (desk, person)
);

-- No next_due means that nothing will fall due any more.
CREATE TABLE subscriptions (
    id         TEXT   NOT NULL PRIMARY KEY,
    desk       TEXT   NOT NULL,
    channel    TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    at         TEXT   NOT NULL,
    zone       TEXT   NOT NULL,
    days       TEXT   NOT NULL,
    cron       TEXT   NOT NULL,
    key_date   TEXT   NOT NULL,
    offsets    TEXT   NOT NULL,
    sections   TEXT   NOT NULL,
    locale     TEXT   NOT NULL,
    quiet      TEXT   NOT NULL,
    grace      BIGINT NOT NULL,
    paused     TEXT   NOT NULL, -- why, empty where it is not
    since      BIGINT,
    created_by TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    next_due   BIGINT,
    ended      BIGINT NOT NULL DEFAULT 0 -- 1 where somebody removed it; its slots stay
);

CREATE INDEX subscriptions_by_desk ON subscriptions (desk, created_at);
CREATE INDEX subscriptions_by_next_due ON subscriptions (next_due);
CREATE INDEX subscriptions_counting ON subscriptions (id) WHERE kind = 'countdown';

-- The ledger of digests. That (subscription, due) is unique settles who sends.
CREATE TABLE slots (
    id            TEXT   NOT NULL PRIMARY KEY,
    subscription  TEXT   NOT NULL REFERENCES subscriptions (id),
    due           BIGINT NOT NULL,
    state         TEXT   NOT NULL CHECK (state IN ('planned', 'claimed', 'sent', 'skipped', 'failed')),
    reason        TEXT   NOT NULL,
    message       TEXT   NOT NULL,
    rev           BIGINT NOT NULL,
    tries         BIGINT NOT NULL,
    owner         TEXT   NOT NULL DEFAULT '',
    fence         BIGINT NOT NULL DEFAULT 0,
    lease_until   BIGINT,
    not_before    BIGINT,
    first_claimed BIGINT,
    UNIQUE (subscription, due),
    CHECK ((state = 'claimed') = (lease_until IS NOT NULL))
);

CREATE INDEX slots_open ON slots (due, id) WHERE state IN ('planned', 'claimed');
CREATE INDEX slots_sent ON slots (subscription, due) WHERE state = 'sent';
