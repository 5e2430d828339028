-- The path goes back into meta, where the older application looks for it. A file without any meta (SQL NULL) gets the JSON
-- null, or the path alone.

CREATE TABLE file_anew (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "filename" TEXT NOT NULL,
  "meta" TEXT NOT NULL,
  "created_at" INTEGER NOT NULL,
  hash TEXT,
  data JSON,
  updated_at BIGINT
);
insert into file_anew (rowid, id, user_id, filename, meta, created_at, hash, data, updated_at)
select
  rowid, id, user_id, filename,
  case
    when path is null then coalesce(meta, 'null')
    when meta is null or meta = 'null' then json_object('path', path)
    when not json_valid(meta) or json_type(meta) <> 'object' then meta
    when json_type(meta, '$.path') is not null then meta
    else json_set(meta, '$.path', path)
  end,
  created_at, hash, data, updated_at
from file;
-- The rows have moved: what is dropped is empty, but for those whose path is lost.
delete from file where path is null or exists (
  select 1 from file_anew as moved
  where moved.rowid = file.rowid and json_valid(moved.meta) and json_extract(moved.meta, '$.path') = file.path
);
drop table file;
ALTER TABLE file_anew RENAME TO "file";
CREATE UNIQUE INDEX "file_id" ON "file" ("id");
