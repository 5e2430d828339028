-- revision: af906e964978
-- down_revision: c29facfe716b

CREATE TABLE feedback (
  id TEXT NOT NULL,
  user_id TEXT,
  version BIGINT,
  type TEXT,
  data JSON,
  meta JSON,
  snapshot JSON,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
