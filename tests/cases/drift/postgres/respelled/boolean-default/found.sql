create table t (a boolean default 'yes');
