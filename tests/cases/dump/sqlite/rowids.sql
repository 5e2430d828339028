create table t (id int primary key, n text);
create table u (id integer, primary key (id));
create table v (id bigint not null, primary key (id asc));
create table w (a integer not null primary key default 5);
