create table a (id integer primary key, b_c text unique);
create table a_b (id integer primary key, c text unique);
create table a_pkey (id integer primary key);
create table a_id_seq (id integer primary key);
insert into a values (1, 'x');
insert into a_b values (1, 'y');
insert into a_pkey values (1);
insert into a_id_seq values (1);
