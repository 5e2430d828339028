create table __drizzle_migrations (id serial primary key, hash text not null, created_at numeric);
insert into __drizzle_migrations (hash, created_at) values ('abc', 1709209815123), ('def', 1709209915123);
create table t (id integer primary key);
insert into t values (1);
