-- A tag's id is one user's again: where several have it, all but the first keep it with the user's id behind it, which
-- the way up takes off again.

alter table tag drop constraint pk_id_user_id;
update tag set id = numbered.id
from (
  select
    ctid as place,
    case when row_number() over (partition by id order by ctid) = 1 then id else id || ':' || user_id end as id
  from tag
) as numbered
where tag.ctid = numbered.place and tag.id <> numbered.id;
create unique index tag_id on tag (id);
alter table tag add constraint uq_id_user_id unique (id, user_id);
