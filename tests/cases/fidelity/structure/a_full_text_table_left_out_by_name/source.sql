create table t (id integer primary key, body text);
create virtual table mail using fts5 (subject, body);
create virtual table places using rtree (id, x0, x1);
create virtual table hollow using fts5 (body);
insert into mail values ('hello', 'world');
insert into places values (1, 0, 1);
