create table t (a int, b text, c real);
create table u (a int, b text);
create trigger g after insert on t begin insert or replace into u (a, b) values (new.a + 1, 'x'); update u set a = new.a + 1, b = coalesce(b, 'x') where a = 1; end;
