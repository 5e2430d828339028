create table t (a int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before update or insert on t for each row execute procedure f();
