alter table t disable trigger tg;
