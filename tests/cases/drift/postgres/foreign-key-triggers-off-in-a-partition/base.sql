-- item: foreign keys
create table u (id int primary key);
create function f() returns trigger language plpgsql as 'begin return new; end';
create table t (id int not null, a int references u (id), b text) partition by range (id);
create table t1 partition of t for values from (0) to (10);
create table t2 partition of t for values from (10) to (20);
create trigger tg before insert on t for each row execute function f();
create trigger "Off" before insert on t for each row execute function f();
alter table t disable trigger "Off";
