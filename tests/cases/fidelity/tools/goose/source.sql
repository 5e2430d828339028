create table goose_db_version (id integer primary key autoincrement, version_id integer not null, is_applied integer not null, tstamp timestamp default (datetime('now')));
insert into goose_db_version values (1, 0, 1, '2024-02-29 12:30:15'), (2, 1, 1, '2024-02-29 12:30:16');
create table t (id integer primary key);
insert into t values (1);
