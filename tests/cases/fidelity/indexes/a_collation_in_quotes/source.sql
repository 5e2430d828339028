create table t (id integer primary key, tag text collate "NOCASE" unique, path text collate 'BINARY', word text collate [nocase]);
create unique index by_path on t (path, lower(tag) collate "BINARY");
insert into t values (1, 'a', 'x', 'u'), (2, 'b', 'X', 'U');
