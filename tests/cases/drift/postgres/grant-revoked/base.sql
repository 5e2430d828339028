-- item: grants
create table t (id int not null, a int, b text);
grant select, insert on t to public;
