create table t (at datetime primary key, v text);
insert into t values ('2024-02-29 12:30:15', 'a'), ('2024-02-29T12:30:15', 'b');
