drop index by_a;
create index by_a on t (a, b);
