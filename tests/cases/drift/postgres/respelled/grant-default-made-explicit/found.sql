create table t (a int);
grant all on t to current_user;
