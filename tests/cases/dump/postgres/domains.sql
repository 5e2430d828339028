create domain positive as int check (value > 0);
create domain email as text collate "C" not null default 'x' check (value ~ '@');
comment on domain positive is 'p';
create table t (id positive primary key, e email, es email[]);
