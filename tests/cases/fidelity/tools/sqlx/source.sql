create table _sqlx_migrations (version bigint primary key, description text not null, installed_on timestamp not null default current_timestamp, success boolean not null, checksum blob not null, execution_time bigint not null);
insert into _sqlx_migrations values (20240229123015, 'init', '2024-02-29 12:30:15', 1, x'0a0b', 1234);
create table t (id integer primary key);
insert into t values (1);
