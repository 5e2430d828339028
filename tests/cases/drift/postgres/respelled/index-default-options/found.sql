create table t (a int);
create index i on t using btree (a asc nulls last);
