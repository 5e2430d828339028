create table p (a int, b text, primary key (a)) partition by range (a);
create index i on p (b, lower(b));
create index j on p (b) include (a);
create table p1 partition of p for values from (0) to (10);
