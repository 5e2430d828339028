create table users (id bigint primary key, name varchar(40) not null, at timestamp_text, active boolean not null default true);
create table posts (id int, owner bigint references users (id) on delete cascade, title text, constraint posts_pkey primary key (id));
create index posts_owner on posts (owner);
