-- +goose Up

-- The servers that Discord showed a person to be a member of, for what they ask
-- in direct messages: the one used last answers. The desk "catalogue" is that
-- they chose the bundled briefing.
CREATE TABLE memberships (
    person    TEXT   NOT NULL,
    desk      TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    proved_at BIGINT NOT NULL,
    used_at   BIGINT NOT NULL,
    PRIMARY KEY (person, desk)
);
