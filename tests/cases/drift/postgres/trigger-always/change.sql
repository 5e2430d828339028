alter table t enable always trigger tg;
