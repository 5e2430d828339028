create table item (shop integer, nr text, primary key (shop, nr)) without rowid;
create table sale (id integer primary key, shop integer, nr text, foreign key (shop, nr) references item);
insert into item values (1, 'a'), (2, 'b');
insert into sale values (1, 1, 'a'), (2, 1, 'b'), (3, 2, null), (4, 3, 'c');
