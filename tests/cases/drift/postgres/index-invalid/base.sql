-- item: index invalid
create table t (id int not null, a int, b text);
insert into t values (1, 1, ''), (2, 1, '');
create unique index by_id on t (id);
