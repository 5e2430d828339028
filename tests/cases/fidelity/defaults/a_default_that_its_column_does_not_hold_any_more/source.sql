create table t (id integer primary key, a boolean default 1, b datetime default current_timestamp, c varchar(3) default 'abcdef');
insert into t values (1, 2, 1700000000, 'x');
