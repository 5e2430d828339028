CREATE TABLE folder_anew (
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
insert into folder_anew (rowid, id, parent_id, user_id, name, items, meta, is_expanded, created_at, updated_at)
select
  rowid, id, parent_id, user_id, name, items, meta, is_expanded,
  datetime(created_at, 'unixepoch'), datetime(updated_at, 'unixepoch')
from folder;
-- The rows have moved: what is dropped is empty.
delete from folder where rowid in (select rowid from folder_anew);
drop table folder;
ALTER TABLE folder_anew RENAME TO "folder";
