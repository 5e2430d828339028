-- item: checks
create table t (a int check (a & 255 <> 16));
