alter table t1 disable trigger all;
alter table t1 enable always trigger "Off";
