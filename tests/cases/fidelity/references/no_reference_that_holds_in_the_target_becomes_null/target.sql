create table owner (id uuid primary key);
create table thing (id bigint primary key, owner uuid references owner);
create table grade (n bigint primary key);
create table pupil (id bigint primary key, grade integer references grade);
