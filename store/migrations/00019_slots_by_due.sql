-- +goose Up

-- To count the slots of the last day, however many there were before.
CREATE INDEX slots_by_due ON slots (due, state);
