-- item: columns
create type point3 as (x int, y int);
