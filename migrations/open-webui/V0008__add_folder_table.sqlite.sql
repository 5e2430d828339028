-- revision: c69f45358db4
-- down_revision: 3ab32c4b8f59

CREATE TABLE folder (
  id TEXT NOT NULL,
  parent_id TEXT,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  items JSON,
  meta JSON,
  is_expanded BOOLEAN NOT NULL,
  created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
  updated_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
  PRIMARY KEY (id, user_id)
);
ALTER TABLE chat ADD COLUMN folder_id TEXT;
