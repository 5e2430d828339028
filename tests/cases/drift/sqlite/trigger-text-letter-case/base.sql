-- item: triggers
create table t (id integer primary key, a int, b text);
create trigger tg after insert on t begin select 'x'; end;
