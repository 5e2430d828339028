create table t (id bigint primary key, v text);
insert into t values (7, 'old'), (8, 'old');
create table u (id bigint primary key);
