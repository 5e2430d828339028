create table users (name text, email text, id bigint primary key);
