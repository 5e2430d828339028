create table t (id integer primary key, kind text, parent integer, seen integer,
  check (kind is not 'never'), check (parent is seen or parent is not 7));
create index calls on t (parent) where kind is 'call' and seen == 0;
create unique index loose on t (seen) where kind is not 'call' and parent is not null;
insert into t values (1, 'call', 1, 0), (2, null, 2, 3), (3, 'call', 3, 0), (4, 'note', null, 3);
