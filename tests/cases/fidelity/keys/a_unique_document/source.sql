create table t (id integer primary key, owner text, settings json, note json, unique (owner, settings));
create index by_note on t (note);
insert into t values (1, 'a', '{"x": 1}', '{}'), (2, 'a', '{"x":1}', '{}'), (3, 'a', '5', null), (4, 'a', null, null);
