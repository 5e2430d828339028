create table t (id integer primary key, v json);
insert into t values
  (1, replace(hex(zeroblob(7000)), '00', '[') || replace(hex(zeroblob(7000)), '00', ']'));
