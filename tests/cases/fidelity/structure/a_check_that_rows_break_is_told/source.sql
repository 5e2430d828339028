pragma ignore_check_constraints = on;
create table t (id integer primary key, n integer constraint positive check (n > 0));
insert into t values (1, 5), (2, -5);
