create table t (x int, a int, y int, b int);
alter table t drop column x, drop column y;
