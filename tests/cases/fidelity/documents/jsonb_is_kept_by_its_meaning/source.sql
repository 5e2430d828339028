create table t (id integer primary key, v);
insert into t values
  (1, '{"bb": 1,  "a":2}'),
  (2, ' [1, 2.0] '),
  (3, '1.00'),
  (4, '"\u00e9"'),
  (5, '[true,false,null]');
