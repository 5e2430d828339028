-- revision: 4ace53fd72c8
-- down_revision: af906e964978
-- A folder's moments become seconds since 1970. SQLite gives a column no other type: the table is made anew.
-- Choice: a moment is read as one. The application's own migration casts its text, and leaves the year alone.

CREATE TABLE folder_anew (
  id TEXT NOT NULL,
  parent_id TEXT,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  items JSON,
  meta JSON,
  is_expanded BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id, user_id)
);
insert into folder_anew (rowid, id, parent_id, user_id, name, items, meta, is_expanded, created_at, updated_at)
select
  rowid, id, parent_id, user_id, name, items, meta, is_expanded,
  iif(typeof(created_at) = 'text', coalesce(unixepoch(created_at), 0), cast(created_at as integer)),
  iif(typeof(updated_at) = 'text', coalesce(unixepoch(updated_at), 0), cast(updated_at as integer))
from folder;
-- The rows have moved: what is dropped is empty.
delete from folder where rowid in (select rowid from folder_anew);
drop table folder;
ALTER TABLE folder_anew RENAME TO "folder";
