alter table file drop column access_control;
