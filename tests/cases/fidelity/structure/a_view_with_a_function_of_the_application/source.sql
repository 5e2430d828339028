create table t (id integer primary key, title text);
create view listed as select id, books_list_filter(id) from t;
create view sorted as select id, title from t order by title collate icu_root;
insert into t values (1, 'a');
