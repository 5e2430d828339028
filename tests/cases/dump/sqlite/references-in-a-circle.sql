create table a (id integer primary key, b int references b);
create table b (id integer primary key, a int references a (id));
create table self (id int primary key, up int references self (id) on delete set null);
create table orphan (x int references gone (id));
