create table p (id int not null, code text, amount bigint);
create table c (id bigint not null, p_id int, note text);
insert into p values (1, 'a', 1), (2147483647, 'b', 2);
insert into c values (1, 1, 'one'), (9223372036854775807, 1, 'two');
