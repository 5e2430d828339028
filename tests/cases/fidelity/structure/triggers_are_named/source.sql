create table t (id integer primary key, v text);
create trigger upper_v after insert on t begin update t set v = upper(v) where id = new.id; end;
create view w as select * from t;
create trigger instead_of instead of insert on w begin insert into t values (new.id, new.v); end;
insert into t values (1, 'a');
