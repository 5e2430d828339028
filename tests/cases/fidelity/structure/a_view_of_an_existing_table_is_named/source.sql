create table t (id integer primary key, v text);
insert into t values (1, 'a');
create table more (id integer primary key);
create view of_t as select id from t;
create view of_more as select id from more;
create view taken as select id from more;
