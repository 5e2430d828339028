create table t (id integer primary key, body text);
create virtual table mail using fts5 (subject, body);
create virtual table old_mail using fts4 (subject, body);
create virtual table no_text using fts5 (body, content='');
create virtual table of_t using fts5 (body, content='t', content_rowid='id');
insert into mail values ('hello', 'world');
insert into old_mail values ('hello', 'world');
