-- A tag's id is one user's again: where several have it, all but the first keep it with the user's id behind it, which
-- the way up takes off again.

CREATE TABLE tag_anew (
  id VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  user_id VARCHAR(255) NOT NULL,
  meta JSON,
  CONSTRAINT uq_id_user_id UNIQUE (id, user_id)
);
insert into tag_anew (id, name, user_id, meta)
select iif(row_number() over (partition by id order by rowid) = 1, id, id || ':' || user_id), name, user_id, meta
from tag order by rowid;
-- The rows have moved: what is dropped is empty.
delete from tag where true;
drop table tag;
ALTER TABLE tag_anew RENAME TO "tag";
CREATE UNIQUE INDEX tag_id ON tag (id);
