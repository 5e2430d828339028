-- item: triggers
create table t (a int, b text, c real);
create table u (a int, b text);
create trigger g after insert on t begin update u set a = new.a - (1 - 2); end;
