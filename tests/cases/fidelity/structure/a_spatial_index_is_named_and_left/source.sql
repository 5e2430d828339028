create table t (id integer primary key);
insert into t values (1);
create virtual table places using rtree (id, x0, x1);
insert into places values (1, 0, 1);
