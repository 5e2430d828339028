create table t (id integer primary key, body text);
insert into t values (1, 'hello world');
create virtual table t_search using fts5 (body, content='t', content_rowid='id');
insert into t_search (rowid, body) values (1, 'hello world');
create table t_search_notes (id integer primary key, v text);
insert into t_search_notes values (1, 'mine');
