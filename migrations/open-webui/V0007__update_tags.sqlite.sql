-- revision: 3ab32c4b8f59
-- down_revision: 1af9b942657b
-- Two users may have the same tag: the key is the tag and the user. SQLite gives a table no other key: it is made anew.
-- A tag that kept its user's id behind its own, because another user had it first, gets its own id.

CREATE TABLE tag_anew (
  id VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  user_id VARCHAR(255) NOT NULL,
  meta JSON,
  CONSTRAINT pk_id_user_id PRIMARY KEY (id, user_id)
);
insert into tag_anew (rowid, id, name, user_id, meta)
select
  rowid, iif(id like '%:' || user_id, substr(id, 1, length(id) - length(user_id) - 1), id), name, user_id, meta
from tag;
-- The rows have moved: what is dropped is empty.
delete from tag where rowid in (select rowid from tag_anew);
drop table tag;
ALTER TABLE tag_anew RENAME TO "tag";
