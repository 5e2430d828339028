alter table t disable trigger all;
alter table t enable trigger all;
