create table if not exists t (a int);
create index if not exists i on t (a);
