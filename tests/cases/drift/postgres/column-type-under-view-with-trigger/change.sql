drop view vp;
alter table posts alter column score type int;
create view vp as select id, score from posts;
create trigger io_t instead of insert on vp for each row execute function io();
