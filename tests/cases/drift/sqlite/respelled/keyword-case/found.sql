create table t (a integer not null default null, b text collate nocase);
