create table c (id integer primary key, p_id int references p (id) on delete cascade, note varchar(40));
insert into c values (1, null, 'one'), (2, null, 'two');
