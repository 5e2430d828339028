create table t (id integer primary key, v text);
insert into t values
  (1, replace(hex(zeroblob(100000)), '00', 'äb')),
  (2, 'short');
