create table migratehistory (id serial primary key, name varchar(255) not null, migrated_at timestamp not null);
create table t (id bigint primary key);
