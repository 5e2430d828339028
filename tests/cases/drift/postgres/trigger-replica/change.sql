alter table t enable replica trigger tg;
