pragma page_size = 512;
pragma auto_vacuum = full;
create table t (id integer primary key, v text);
insert into t values (1, replace(hex(zeroblob(3000)), '00', 'ab')), (2, 'b');
delete from t where id = 2;
