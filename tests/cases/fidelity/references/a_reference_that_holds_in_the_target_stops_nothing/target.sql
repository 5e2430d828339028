create table code (k numeric(6,2) primary key);
create table use (id bigint primary key, k numeric(6,2) references code);
