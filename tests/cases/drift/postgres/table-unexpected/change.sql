create table strange (id int);
