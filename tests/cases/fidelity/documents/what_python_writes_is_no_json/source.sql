create table t (id integer primary key, v);
insert into t values
  (1, '{"a": NaN}'),
  (2, '[Infinity]'),
  (3, '[-Infinity]'),
  (4, '{''a'': 1}'),
  (5, '[1, 2,]'),
  (6, '{"a": True}'),
  (7, 'None'),
  (8, '{"a": 1'),
  (9, '[01]'),
  (10, '[.5]'),
  (11, '[+1]'),
  (12, '{} {}'),
  (13, '"a' || char(10) || 'b"');
