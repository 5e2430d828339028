drop table channel_member;
drop table message_reaction;
alter table message drop column parent_id;
alter table channel drop column type;
