create table t (k text primary key);
insert into t values (char(0xe9)), ('e' || char(0x301));
