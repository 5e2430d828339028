-- item: triggers disabled
create table t (id int not null, a int, b text);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger tg before insert on t for each row execute function f();
