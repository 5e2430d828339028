drop index by_b;
create index by_b on t (upper(b));
