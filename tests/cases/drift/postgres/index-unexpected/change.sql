create index by_a on t (a);
