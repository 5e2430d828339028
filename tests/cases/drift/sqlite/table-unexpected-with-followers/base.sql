-- item: tables
create table child (id integer primary key, old_id int references old (id) on delete cascade);
create table other (old_id int references Old (id) on delete set null);
