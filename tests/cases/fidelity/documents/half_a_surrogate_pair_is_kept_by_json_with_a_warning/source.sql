create table t (id integer primary key, v json);
insert into t values
  (1, '"\ud800"'),
  (2, '"\ud83d\ude00"'),
  (3, '"\udc00\ud800"');
