-- revision: 6a39f3d8e55c
-- down_revision: c0fbf31ca0db
-- Each document of old becomes knowledge of one collection; the documents stay.
-- Choice: a content that is no JSON gives no tags. The application's own migration fails there.

CREATE TABLE knowledge (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  data JSON,
  meta JSON,
  created_at BIGINT NOT NULL,
  updated_at BIGINT,
  PRIMARY KEY (id)
);

insert into knowledge (id, user_id, name, description, meta, created_at, updated_at)
select
  collection_name, user_id, title, name,
  json_object(
    'legacy', json('true'),
    'document', json('true'),
    'tags', json(coalesce(case when json_valid(content) then content -> '$.tags' end, '[]'))
  ),
  "timestamp", "timestamp"
from document order by id;
