alter table t add column c date;
