create table v (id int primary key, what text);
create view p as select id, what as code from v;
create view over_v as select code from p;
create table c (id bigint primary key, note text unique);
create table p_log (id int references v (id), who bigint references c (id));
insert into v values (1, 'a');
insert into c values (1, 'one'), (2, 'two');
insert into p_log values (1, 1);
