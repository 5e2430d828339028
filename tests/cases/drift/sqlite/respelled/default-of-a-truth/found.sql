create table t (a boolean not null default 1, b boolean default (0), c int default TRUE);
