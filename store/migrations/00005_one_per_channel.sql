-- +goose Up

-- To see which channels a digest is going out to right now.
CREATE INDEX slots_claimed ON slots (subscription) WHERE state = 'claimed';
