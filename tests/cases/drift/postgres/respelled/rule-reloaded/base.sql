create table t (id int not null, v varchar(5));
create view w as select id, v from t;
create rule quiet as on update to t where new.v in ('a', 'b') do also insert into t values (old.id, 'x');
create rule "To it" as on insert to w do instead (insert into t values (new.id, new.v); delete from t where v in ('q', 'r') and id < new.id);
