create table t (id integer primary key, s text, n integer, active boolean);
create index t_pkey on t (s);
create table u (id integer primary key, v text unique);
create index u_v_key on u (v);
insert into u values (1, 'x');
insert into t values (1, 'a', 5, 1), (2, 'B', null, 0), (3, null, 7, 1);
