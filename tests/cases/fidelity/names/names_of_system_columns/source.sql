create table t (ctid text, xmin integer, "tableoid" text, oid text, "Xmax" text);
insert into t values ('a', 1, 'b', 'c', 'd');
create index i on t (xmin);
