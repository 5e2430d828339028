alter table t cluster on by_a;
