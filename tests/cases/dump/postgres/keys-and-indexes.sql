create table t (a int, b int, c int, constraint "My Key" primary key (b, a) include (c) deferrable, unique nulls not distinct (c), exclude (a with =) where (b > 0));
create index inv on t (a desc nulls last, lower(b::text) collate "C" text_pattern_ops) include (c) with (fillfactor = 50) where c is not null;
create index br on t using brin (a);
