-- +goose Up

-- To see which desks were changed lately, however many there are.
CREATE INDEX desks_by_change ON desks (recorded_at);
