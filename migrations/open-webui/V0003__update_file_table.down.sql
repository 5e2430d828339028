alter table file drop column updated_at;
alter table file drop column data;
alter table file drop column hash;
