alter table tool drop column access_control;
alter table prompt drop column access_control;
alter table knowledge drop column access_control;
alter table model drop column is_active;
alter table model drop column access_control;
drop table "group";
