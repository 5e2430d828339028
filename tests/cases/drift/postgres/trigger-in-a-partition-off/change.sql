alter table t2 disable trigger tg;
