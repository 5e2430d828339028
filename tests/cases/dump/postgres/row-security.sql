create table t (a int, owner text);
alter table t enable row level security;
alter table t force row level security;
create policy p on t for select to public using (owner = current_user);
create policy q on t as restrictive for insert with check (a > 0);
