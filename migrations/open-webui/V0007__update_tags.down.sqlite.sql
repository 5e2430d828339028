-- A tag's id is one user's again: where several have it, all but the first keep it with the user's id behind it, which
-- the way up takes off again.

CREATE TABLE tag_anew (
  id VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  user_id VARCHAR(255) NOT NULL,
  meta JSON,
  CONSTRAINT uq_id_user_id UNIQUE (id, user_id)
);
insert into tag_anew (rowid, id, name, user_id, meta)
select
  rowid, id || iif(row_number() over (partition by id order by rowid) = 1, '', ':' || user_id), name, user_id, meta
from tag;
-- The rows have moved: what is dropped is empty.
delete from tag where rowid in (select rowid from tag_anew);
drop table tag;
ALTER TABLE tag_anew RENAME TO "tag";
CREATE UNIQUE INDEX tag_id ON tag (id);
