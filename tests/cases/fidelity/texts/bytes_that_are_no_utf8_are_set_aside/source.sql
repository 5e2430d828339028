create table t (id integer primary key, v text);
insert into t values
  (1, cast(x'ff' as text)),
  (2, cast(x'63c3' as text)),
  (3, cast(x'eda080' as text)),
  (4, cast(x'c080' as text)),
  (5, cast(x'f4908080' as text)),
  (6, cast(x'c3a9' as text)),
  (7, cast(x'efbfbd' as text));
