create table t (a int not null on conflict replace);
