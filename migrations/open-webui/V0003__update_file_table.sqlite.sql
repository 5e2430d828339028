-- revision: c0fbf31ca0db
-- down_revision: ca81bd47c050

ALTER TABLE file ADD COLUMN hash TEXT;
ALTER TABLE file ADD COLUMN data JSON;
ALTER TABLE file ADD COLUMN updated_at BIGINT;
