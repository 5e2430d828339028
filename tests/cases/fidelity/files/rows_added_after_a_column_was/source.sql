create table t (id integer primary key, v text);
insert into t values (1, 'a');
alter table t add column w integer not null default 7;
alter table t add column x text default 'later';
insert into t values (2, 'b', 8, null);
