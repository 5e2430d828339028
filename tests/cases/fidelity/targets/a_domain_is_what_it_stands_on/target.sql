create domain short as varchar(5) check (value <> '');
create table t (id bigint primary key, v short);
