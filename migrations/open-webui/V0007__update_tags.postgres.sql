-- revision: 3ab32c4b8f59
-- down_revision: 1af9b942657b
-- Two users may have the same tag: the key is the tag and the user.
-- A tag that kept its user's id behind its own, because another user had it first, gets its own id.

alter table tag drop constraint uq_id_user_id;
drop index tag_id;
update tag set id = left(id, -length(user_id) - 1) where right(id, length(user_id) + 1) = ':' || user_id;
alter table tag add constraint pk_id_user_id primary key (id, user_id);
