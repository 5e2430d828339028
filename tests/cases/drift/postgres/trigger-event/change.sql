drop trigger tg on t;
create trigger tg before insert or update on t for each row execute function f();
