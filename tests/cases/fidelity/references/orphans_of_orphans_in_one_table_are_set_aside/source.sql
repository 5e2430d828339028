create table node (id integer primary key, parent integer references node, name text);
insert into node values (1, null, 'root'), (2, 3, 'below a lost one'), (3, 4, 'lost'), (4, 9, 'first lost'), (5, 1, 'kept'), (6, 2, 'deep');
