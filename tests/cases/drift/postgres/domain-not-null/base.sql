-- item: checks
create domain age as int;
