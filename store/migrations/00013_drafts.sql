-- +goose Up

ALTER TABLE settings ADD COLUMN two_person TEXT NOT NULL DEFAULT '';

-- How far a draft has got; changes are those of one that no form can show again,
-- as JSON.
ALTER TABLE drafts ADD COLUMN state TEXT NOT NULL DEFAULT 'typed' CHECK (state IN ('typed', 'waiting', 'suggested'));
ALTER TABLE drafts ADD COLUMN changes TEXT NOT NULL DEFAULT '';
ALTER TABLE drafts ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE drafts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

CREATE INDEX drafts_by_age ON drafts (recorded_at);
