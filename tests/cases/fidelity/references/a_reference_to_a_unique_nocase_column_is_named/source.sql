create table u (id integer primary key, name text collate nocase unique);
create table c (id integer primary key, name text references u (name));
insert into u values (1, 'Ann');
insert into c values (1, 'Ann');
