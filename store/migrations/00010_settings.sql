-- +goose Up

-- What a server chose for its desk, empty for the default. Its rev is the
-- version that a change has to have seen.
CREATE TABLE settings (
    desk           TEXT   NOT NULL PRIMARY KEY,
    rev            BIGINT NOT NULL CHECK (rev > 0),
    moderator_role TEXT   NOT NULL,
    log_channel    TEXT   NOT NULL,
    zone           TEXT   NOT NULL,
    locale         TEXT   NOT NULL,
    share          TEXT   NOT NULL
);

-- Who chose what anew, and when.
CREATE TABLE settings_log (
    desk        TEXT   NOT NULL,
    rev         BIGINT NOT NULL,
    setting     TEXT   NOT NULL,
    was         TEXT   NOT NULL,
    now         TEXT   NOT NULL,
    recorded_by TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (desk, rev, setting)
);
