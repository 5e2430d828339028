-- revision: 3781e22d8b01
-- down_revision: 7826ab40b532
-- The last revision of Open WebUI 0.5.11.

ALTER TABLE channel ADD COLUMN type TEXT;
ALTER TABLE message ADD COLUMN parent_id TEXT;

CREATE TABLE message_reaction (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT,
  PRIMARY KEY (id),
  UNIQUE (id)
);

CREATE TABLE channel_member (
  id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at BIGINT,
  PRIMARY KEY (id),
  UNIQUE (id)
);
