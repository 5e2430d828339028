create table t (id integer, s text, l text);
insert into t values (1, 'new', '["a","b"]'), (2, 'old', '[]'), (3, 'done', 'a');
