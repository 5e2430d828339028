-- A tag's id is one user's again: where several have it, all but the first keep it with the user's id behind it, which
-- the way up takes off again.

alter table tag drop constraint pk_id_user_id;
update tag set id = tag.id || ':' || tag.user_id
where exists (select 1 from tag as first where first.id = tag.id and first.user_id < tag.user_id);
create unique index tag_id on tag (id);
alter table tag add constraint uq_id_user_id unique (id, user_id);
