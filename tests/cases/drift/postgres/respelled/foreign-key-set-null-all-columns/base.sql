create table p (x int, y int, primary key (x, y));
create table t (a int, b int, foreign key (a, b) references p on delete set null);
