-- item: comments
create table t (id int not null, a int, b text);
comment on table t is 'one';
