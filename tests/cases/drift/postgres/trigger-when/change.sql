drop trigger tg on t;
create trigger tg before insert on t for each row when (new.a > 1) execute function f();
