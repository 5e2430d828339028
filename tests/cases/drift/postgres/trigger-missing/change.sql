drop trigger tg on t;
