create table city (id bigint primary key, name text);
create table person (id bigint primary key, city int references city on delete cascade);
