create table t (id integer primary key, s text collate nocase, u text collate nocase);
create index by_s on t (s);
create index by_bytes on t (s collate binary);
create unique index one on t (s, u);
insert into t values (1, 'a', 'x'), (2, 'A', 'y');
