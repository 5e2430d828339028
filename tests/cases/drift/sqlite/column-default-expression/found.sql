create table t (a text default (datetime('now', 'localtime')));
