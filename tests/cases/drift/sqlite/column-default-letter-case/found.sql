create table t (a text default 'One');
