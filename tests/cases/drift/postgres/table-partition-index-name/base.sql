-- item: indexes
create table p (a int, b int) partition by range (a);
create table p1 partition of p for values from (0) to (10);
create index p_a on p (a);
