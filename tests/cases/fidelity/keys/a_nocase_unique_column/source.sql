create table t (id integer primary key, email text collate nocase unique);
insert into t values (1, 'A@x'), (2, 'b@x'), (3, null), (4, null);
