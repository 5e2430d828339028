-- item: identity kind
create table t (n bigint generated always as identity);
