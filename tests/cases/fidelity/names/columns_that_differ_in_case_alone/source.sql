create table t (id integer primary key, "É" text, "é" text);
insert into t values (1, 'big', 'small');
