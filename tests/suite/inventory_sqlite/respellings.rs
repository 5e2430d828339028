//! Two spellings each that mean the same to SQLite.

pub(super) const RESPELLINGS: [(&str, &str); 74] = [
    ("create table t (a int not null)", "CREATE TABLE t (a int NOT NULL)"),
    ("create table t (a int)", "create table \"t\" (\"a\" int)"),
    ("create table t (a int)", "create table [t] ([a] int)"),
    ("create table t (a int)", "create table `t` (`a` int)"),
    ("create table t (a int)", "create table 't' ('a' int)"),
    ("create table t (a int)", "create table if not exists main.t(a int)"),
    ("create table t (a int, b text)", "create table t(\n\ta   int ,\r\n b\ttext\n)"),
    ("create table t (a int, b text)", "create table t (a int, -- the first, a\n b /* int */ text -- last\n)"),
    ("create table t (a integer)", "create table t (a INTEGER)"),
    ("create table t (a varchar(40))", "create table t (a VARCHAR ( 40 ))"),
    ("create table t (a decimal(10,2))", "create table t (a decimal( 10 , 2 ))"),
    ("create table t (a \"my type\")", "create table t (a [My Type])"),
    // Constraints of a column or of the table.
    ("create table t (a int primary key)", "create table t (a int, primary key (a))"),
    ("create table t (id integer primary key)", "create table t (id integer, primary key (id))"),
    ("create table t (id integer primary key)", "create table t (id integer, primary key (id desc))"),
    ("create table t (id integer primary key)", "create table t (id integer primary key asc)"),
    ("create table t (id integer primary key)", "create table t (id integer not null primary key)"),
    (
        "create table t (id integer primary key autoincrement)",
        "create table t (id integer, primary key (id autoincrement))",
    ),
    (
        "create table t (a text primary key not null) without rowid",
        "create table t (a text, primary key (a)) without rowid",
    ),
    ("create table t (a text primary key) strict", "create table t (a text not null primary key) strict"),
    ("create table t (a text primary key, b) without rowid", "create table t (a text primary key, b)WITHOUT RowID"),
    ("create table t (a text, b text) strict", "create table t (a text, b text) STRICT"),
    ("create table t (a unique)", "create table t (a, unique (a))"),
    ("create table t (a unique)", "create table t (a unique, unique (a))"),
    ("create table t (a text primary key)", "create table t (a text primary key unique)"),
    ("create table t (a, b, unique (a, b))", "create table t (a, b, UNIQUE(\"a\",'b'))"),
    ("create table t (a constraint u unique)", "create table t (a, constraint \"u\" unique (a))"),
    ("create table t (a unique)", "create table t (a unique on conflict abort)"),
    ("create table t (a not null)", "create table t (a not null on conflict abort)"),
    (
        "create table t (a text collate nocase unique)",
        "create table t (a text collate nocase, unique (a collate nocase))",
    ),
    ("create table t (a, b, unique (a), check (b))", "create table t (a, b, check (b), unique (a))"),
    ("create table t (a, b, unique (a), check (b))", "create table t (a, b, unique (a) check (b))"),
    ("create table t (a)", "create table t (a null)"),
    ("create table t (a text)", "create table t (a text collate binary)"),
    ("create table t (a text collate nocase)", "create table t (a text collate \"NOCASE\")"),
    // Defaults and expressions.
    ("create table t (a default 1)", "create table t (a default (1))"),
    ("create table t (a default -1)", "create table t (a DEFAULT ( - 1 ))"),
    ("create table t (a default 1)", "create table t (a default +1)"),
    ("create table t (a)", "create table t (a default null)"),
    ("create table t (a default 'Text')", "create table t (a default \"Text\")"),
    ("create table t (a default 'Text')", "create table t (a default Text)"),
    ("create table t (a default current_timestamp)", "create table t (a default (CURRENT_TIMESTAMP))"),
    ("create table t (a default (datetime('now')))", "create table t (a default ( DateTime ( 'now' ) ))"),
    ("create table t (a check (a > 0))", "create table t (a, check ((A>0)))"),
    ("create table t (a check (a <> 'x' and a = 1))", "create table t (a check (a != 'x' AND \"a\" == 1))"),
    ("create table t (a check (a is not null))", "create table t (a check ([a] notnull))"),
    ("create table t (a check (a in ('x', 'y')))", "create table t (a check (a IN(\"x\",'y')))"),
    ("create table t (a, b as (a + 1))", "create table t (a, b generated always as ((a+1)) virtual)"),
    // Foreign keys.
    (
        "create table p (x primary key); create table t (a references p)",
        "create table p (x primary key); create table t (a, foreign key (a) references P (X))",
    ),
    (
        "create table p (x primary key); create table t (a references p on delete cascade)",
        "create table p (x primary key); create table t (a REFERENCES \"p\"(\"x\") ON UPDATE NO ACTION ON DELETE CASCADE)",
    ),
    (
        "create table p (x primary key); create table t (a references p)",
        "create table p (x primary key); create table t (a references p match simple deferrable initially immediate)",
    ),
    (
        "create table p (x primary key); create table t (a references p)",
        "create table p (x primary key); create table t (a references p not deferrable initially deferred)",
    ),
    (
        "create table t (id integer primary key, a references t)",
        "create table t (id integer primary key, a references t (id))",
    ),
    // Indexes, views, triggers, virtual tables.
    (
        "create table t (a, b); create index i on t (a, b desc) where a > 0",
        "create table t (a, b); CREATE INDEX IF NOT EXISTS main.\"i\" ON \"t\"(\"a\" ASC,[b] DESC) WHERE (a>0)",
    ),
    (
        "create table t (a collate nocase); create index i on t (a)",
        "create table t (a collate nocase); create index i on t ((a) collate NOCASE)",
    ),
    (
        "create table t (a); create unique index i on t (lower(a))",
        "create table t (a); create unique index i on t ( LOWER( \"a\" ) )",
    ),
    (
        "create table t (a); create view v as select a, 'X' as b from t",
        "create table t (a); CREATE VIEW \"v\" AS SELECT \"a\", -- the first\n 'X' AS 'b' FROM [t]",
    ),
    (
        "create table t (a); create trigger g before insert on t begin delete from t where a = new.a; end",
        "create table t (a); create trigger main.g INSERT ON \"t\" FOR EACH ROW BEGIN DELETE FROM t WHERE \"a\"==NEW.a; END",
    ),
    (
        "create table t (a); create trigger g after insert on t when new.a > 1 begin select 1 where new.a > 2; end",
        "create table t (a); create trigger g after insert on t when (new.a > 1) begin select 1 where (new.a > 2); end",
    ),
    (
        "create view v as select 1 as [Total X] order by [Total X]",
        "create view v as select 1 as \"Total X\" order by \"Total X\"",
    ),
    (
        "create view v as select 1 as one; create view w as select one from [v]",
        "create view v as select 1 as \"one\"; create view w as select \"one\" from \"v\"",
    ),
    ("create virtual table f using fts5 (a, b)", "CREATE VIRTUAL TABLE \"f\" USING FTS5(a,b)"),
    // What SQLite keeps for itself is no part of the structure.
    ("create table t (a primary key)", "create table t (a primary key); insert into t values (1); analyze"),
    // Operators and parentheses.
    (
        "create table t (a, b, check (a is not null and (b > 1 or b < 0)))",
        "create table t (a, b, check (((a) NOT NULL) AND (((b) > (1)) OR (b < 0))))",
    ),
    ("create table t (a, check (a notnull))", "create table t (a, check (a is not null))"),
    ("create table t (a default 16)", "create table t (a default (0x10))"),
    ("create table t (a default 1)", "create table t (a default ((1)))"),
    (
        "create table t (a, check (a > 255 or a is not 1))",
        "create table t (a, check ((a > 0XFF) or a IS DISTINCT FROM (1)))",
    ),
    (
        "create table t (a text, b); create index i on t (a collate nocase, b) where a is not null",
        "create table t (a text, b); create index i on t ((a collate nocase), ((b))) where (a) notnull",
    ),
    ("create table t (a, b as (a + 1))", "create table t (a, b as (((a)) + (1)))"),
    (
        "create table t (a); create view v as select a from t where a is not null",
        "create table t (a); create view v as select a from t where a not null",
    ),
    (
        "create table t (a); create trigger g after insert on t when new.a is null begin select 1; end",
        "create table t (a); create trigger g after insert on t when (new.a isnull) begin select 1; end",
    ),
    (
        "create table t (a, b, check (a || b collate nocase = 'x'))",
        "create table t (a, b, check ((a || (b collate nocase)) = \"x\"))",
    ),
    (
        "create table t (a, b); create view v as select a from t where a > 0 and b < 1",
        "create table t (a, b); create view v as select a from t where ((a) > 0) and (b < (1))",
    ),
];
