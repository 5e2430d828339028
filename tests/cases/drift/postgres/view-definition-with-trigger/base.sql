-- item: views
create table t (id int not null, a int, b int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create view v as select a, b from t;
create trigger x instead of insert on v for each row execute function f();
create rule y as on delete to v do instead nothing;
