create table t (a text primary key on conflict ignore);
