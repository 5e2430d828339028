create table t (a default '1');
