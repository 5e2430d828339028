-- revision: 7826ab40b532
-- down_revision: 57c599a3cb57

ALTER TABLE file ADD COLUMN access_control JSON;
