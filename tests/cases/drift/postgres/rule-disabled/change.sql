alter table t disable rule quiet;
