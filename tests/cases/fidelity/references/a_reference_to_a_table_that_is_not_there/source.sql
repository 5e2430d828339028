create table child (id integer primary key, p integer constraint to_gone references gone (id), q integer references also_gone);
insert into child values (1, 1, 2);
