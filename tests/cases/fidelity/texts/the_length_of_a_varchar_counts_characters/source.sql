create table t (id integer primary key, v);
insert into t values
  (1, 'äöüßé'),
  (2, 'abcdef'),
  (3, '👩‍👩‍👧'),
  (4, '12345 '),
  (5, ''),
  (6, '😀😀😀😀😀'),
  (7, 123456);
