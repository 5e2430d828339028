create table p (a int, b int, c text unique, primary key (a, b), unique (b, a));
create table c (x int, y int, z text references p (c) on update cascade on delete set null deferrable initially deferred, foreign key (x, y) references p match full on delete set default, foreign key (y, x) references p (b, a) not valid);
create table s (id int primary key, up int references s on delete cascade, bad int, foreign key (bad) references s (id) on delete set null (bad));
