drop index by_a;
create unique index by_a on t (a);
