-- revision: 57c599a3cb57
-- down_revision: 922e7a387820
-- Fact: moments of channels and of what is in them count nanoseconds; all others of the application count seconds.

CREATE TABLE channel (
  id TEXT NOT NULL,
  user_id TEXT,
  name TEXT,
  description TEXT,
  data JSON,
  meta JSON,
  access_control JSON,
  created_at BIGINT,
  updated_at BIGINT,
  PRIMARY KEY (id),
  UNIQUE (id)
);

CREATE TABLE message (
  id TEXT NOT NULL,
  user_id TEXT,
  channel_id TEXT,
  content TEXT,
  data JSON,
  meta JSON,
  created_at BIGINT,
  updated_at BIGINT,
  PRIMARY KEY (id),
  UNIQUE (id)
);
