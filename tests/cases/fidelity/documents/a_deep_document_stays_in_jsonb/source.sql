create table t (id integer primary key, v);
insert into t values
  (1, replace(hex(zeroblob(5000)), '00', '[') || replace(hex(zeroblob(5000)), '00', ']'));
