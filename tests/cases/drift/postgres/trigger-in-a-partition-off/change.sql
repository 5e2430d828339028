alter table t1 disable trigger tg;
