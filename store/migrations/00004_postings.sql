-- +goose Up

-- What the message of a slot was written from, kept before it is posted, and how
-- far corrections have followed it. Seen and the like are revisions of the desk.
CREATE TABLE postings (
    slot        TEXT   NOT NULL PRIMARY KEY REFERENCES slots (id),
    desk        TEXT   NOT NULL,
    channel     TEXT   NOT NULL,
    facts       TEXT   NOT NULL, -- empty where it is corrected no more
    rev         BIGINT NOT NULL,
    posted      BIGINT NOT NULL, -- by the clock of due times
    seen        BIGINT NOT NULL,
    corrected   BIGINT NOT NULL DEFAULT 0,
    marks       TEXT   NOT NULL DEFAULT '',
    told        TEXT   NOT NULL DEFAULT '',
    owing       BIGINT NOT NULL DEFAULT 0,
    owed_since  BIGINT,
    outcome     TEXT   NOT NULL DEFAULT '',
    tries       BIGINT NOT NULL DEFAULT 0,
    owner       TEXT   NOT NULL DEFAULT '',
    fence       BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    not_before  BIGINT
);

CREATE INDEX postings_behind ON postings (posted, desk, seen) WHERE facts <> '';
CREATE INDEX postings_to_take ON postings (desk, channel, posted) WHERE facts <> '';
