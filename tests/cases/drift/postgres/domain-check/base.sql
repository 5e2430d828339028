-- item: checks
create domain age as int check (value > 0);
