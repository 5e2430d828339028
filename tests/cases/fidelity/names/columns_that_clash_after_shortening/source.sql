create table t (id integer primary key, "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnfirst" text, "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnsecond" text unique, "ääääääääääääääääääääääääääääääääääääääää" integer);
create index by_first on t ("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnfirst");
insert into t values (1, 'one', 'two', 3);
create table u (id integer primary key, t text references t ("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnsecond"));
insert into u values (1, 'two');
