create table t (id integer primary key, v);
insert into t values
  (1, '[1, 2, null]'),
  (2, '[1.5]'),
  (3, '["1"]'),
  (4, '[9223372036854775807]'),
  (5, '[9223372036854775808]');
