drop index by_b;
create index by_b on t (b collate "C");
