-- item: column order
create type pair as (x int, y int);
