create table parent (id integer primary key);
create table t (id integer primary key, low integer, high integer references parent (id) on delete cascade,
  word text collate nocase, constraint ordered check (low < high) constraint one unique (low, high)
  foreign key (low) references parent (id) deferrable initially deferred check (word glob 'a*') check (word is not 'b'));
insert into parent values (1), (2);
insert into t values (1, 1, 2, 'ab');
