create table p (a int, b int, primary key (a, b) on conflict replace, unique (b collate nocase, a) on conflict ignore);
create table c (x int references p on delete cascade, y int, z int unique, foreign key (x, y) references p (a, b) deferrable initially deferred, check (x > 0), constraint named check (y <> 3) on conflict ignore);
