-- revision: c29facfe716b
-- down_revision: c69f45358db4
-- file.meta becomes JSON and may be NULL; the path in it gets a column. SQLite gives a column no other type: the table is
-- made anew.

CREATE TABLE file_anew (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  filename TEXT NOT NULL,
  meta JSON,
  created_at INTEGER NOT NULL,
  hash TEXT,
  data JSON,
  updated_at BIGINT,
  path TEXT
);
insert into file_anew (rowid, id, user_id, filename, meta, created_at, hash, data, updated_at, path)
select rowid, id, user_id, filename, meta, created_at, hash, data, updated_at, iif(json_valid(meta), json_extract(meta, '$.path'), null) from file;
-- The rows have moved: what is dropped is empty.
delete from file where rowid in (select rowid from file_anew);
drop table file;
ALTER TABLE file_anew RENAME TO "file";
CREATE UNIQUE INDEX file_id ON file (id);
