create table t (id integer primary key, v text);
insert into t values
  (1, '😀'),
  (2, char(0x10ffff)),
  (3, char(0xfffd)),
  (4, char(0xfeff) || 'a'),
  (5, 'e' || char(0x301)),
  (6, char(0xe9)),
  (7, char(0x202e) || 'abc'),
  (8, char(0xffff)),
  (9, 'Ⅷ ﬁ İ ı ß ẞ');
