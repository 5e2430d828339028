alter table chat drop column folder_id;
drop table folder;
