create table main.t (a int);
