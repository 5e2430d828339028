-- item: row security
create table t (id int not null, a int, b text);
alter table t enable row level security;
create policy own on t using (a = 1);
