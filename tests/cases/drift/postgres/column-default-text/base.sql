-- item: column default
create table t (b text default 'one');
