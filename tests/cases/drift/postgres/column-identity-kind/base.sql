-- item: identity kind
create table t (id int generated always as identity);
