-- item: triggers disabled
create function f() returns trigger language plpgsql as 'begin return new; end';
create table a (id int not null);
create trigger tg before insert on a for each row execute function f();
alter table a disable trigger tg;
create table t (id int not null, a int) partition by range (id);
create table t1 partition of t for values from (0) to (10) partition by range (a);
create table t2 partition of t1 for values from (0) to (10);
create trigger tg before insert on t for each row execute function f();
