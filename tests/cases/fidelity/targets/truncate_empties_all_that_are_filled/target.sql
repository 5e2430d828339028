create table t (id bigint primary key, v text);
create table u (id bigint primary key, t bigint references t);
insert into t values (7, 'old'), (8, 'old');
insert into u values (3, 7);
