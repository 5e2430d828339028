create table _prisma_migrations (id text primary key not null, checksum text not null, finished_at datetime, migration_name text not null, logs text, rolled_back_at datetime, started_at datetime not null default current_timestamp, applied_steps_count integer unsigned not null default 0);
insert into _prisma_migrations values ('5d1a7c70-0000-4000-8000-000000000000', 'abc', 1709209815123, '20240229_init', null, null, 1709209815000, 1);
create table t (id integer primary key);
insert into t values (1);
