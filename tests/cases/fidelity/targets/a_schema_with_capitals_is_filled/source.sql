create table t (id integer primary key, u integer references u);
insert into t values (1, 1);
create table u (id integer primary key autoincrement);
insert into u values (1);
