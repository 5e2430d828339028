create table src (a int, b text);
create table copy as select a, b || 'x' as c, 1 as d from src;
