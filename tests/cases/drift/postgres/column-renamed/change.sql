alter table t rename column b to "B";
