-- +goose Up

-- Which moderator looks into what readers left on one subject, for a day at most.
CREATE TABLE holds (
    desk    TEXT   NOT NULL,
    sort    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    held_by TEXT   NOT NULL,
    held_at BIGINT NOT NULL,
    PRIMARY KEY (desk, sort, subject)
);

-- 'off' where a server's moderators are not told once a week what waits.
ALTER TABLE settings ADD COLUMN nudge TEXT NOT NULL DEFAULT '';

-- What a desk's moderators are told once, in its log channel. That (desk, kind,
-- subject) is unique settles who tells. Due goes by the clock of due times,
-- tell_after and first_tried by the wall clock; told is how it ended, empty
-- while it is still to be told.
CREATE TABLE notices (
    id          TEXT   NOT NULL PRIMARY KEY,
    desk        TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    due         BIGINT NOT NULL,
    told        TEXT   NOT NULL DEFAULT '',
    tries       BIGINT NOT NULL DEFAULT 0,
    tell_after  BIGINT,
    first_tried BIGINT,
    UNIQUE (desk, kind, subject)
);

CREATE INDEX notices_untold ON notices (due, id) WHERE told = '';
CREATE INDEX notices_by_desk ON notices (desk, kind, due);
