create table t (a int, b text, c text);
create index e on t (lower(b), a desc);
create unique index p on t (a) where b is not null and c <> 'x';
create index co on t (b collate nocase, c collate rtrim desc);
create index "odd name" on t ("a");
