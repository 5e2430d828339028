create table t (id integer primary key, v text);
insert into t values
  (1, 'a' || char(9) || 'b'),
  (2, 'a' || char(10) || 'b'),
  (3, char(13) || char(10)),
  (4, '\.'),
  (5, '\N'),
  (6, 'C:\temp\new'),
  (7, char(1) || char(127)),
  (8, '''"`');
