create table t (id integer primary key, v);
insert into t values
  (1, '"\ud800"'),
  (2, '"\udc00"'),
  (3, '"\ud83d\ude00"'),
  (4, '"\ud83d\u0041"'),
  (5, '{"\ud800": 1}');
