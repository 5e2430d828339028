create table t (id integer primary key, v datetime);
insert into t values
  (1, 2460000.5),
  (2, 2460000.25);
create table u (id integer primary key, v);
insert into u values (1, 2460000.5);
