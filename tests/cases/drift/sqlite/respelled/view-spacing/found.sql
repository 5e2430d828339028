create table t (a int);
create view v AS
  SELECT a -- the number
  FROM t
 WHERE a>1;
