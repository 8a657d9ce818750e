-- +goose Up

-- The servers that the bot joined and greeted, once for each time that it joined.
-- The desk '' is that of sitrep's own first start: who joined before that, nobody
-- greets.
CREATE TABLE joins (
    desk      TEXT   NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (desk, joined_at)
);
