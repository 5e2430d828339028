//! One change each, and how it is told: what is expected, what is found, and the sentences, a line for each.

pub(super) const MUTATIONS: [(&str, &str, &str); 80] = [
    // Tables and their options.
    ("create table t (a); create table u (b)", "create table t (a)", "table u is missing"),
    ("create table t (a)", "create table t (a); create table u (b)", "table u is there and should not be"),
    ("create table t (a int) strict", "create table t (a int)", "table t: strict yes → none"),
    (
        "create table t (a text primary key not null)",
        "create table t (a text primary key not null) without rowid",
        "table t: without rowid none → yes",
    ),
    ("create table Users (a)", "create table users (a)", "table Users: spelling Users → users"),
    // Columns.
    ("create table t (a, b)", "create table t (a)", "t.b is missing"),
    ("create table t (a)", "create table t (a, b)", "t.b is there and should not be"),
    ("create table t (a, b, c)", "create table t (a, c, b)", "table t: order of columns a, b, c → a, c, b"),
    ("create table t (lastName)", "create table t (lastname)", "t.lastName: spelling lastName → lastname"),
    (
        "create table users (email varchar(40))",
        "create table users (email varchar(50))",
        "users.email: type varchar(40) → varchar(50)",
    ),
    ("create table t (a numeric(9,2))", "create table t (a numeric(9,3))", "t.a: type numeric(9,2) → numeric(9,3)"),
    ("create table t (a int)", "create table t (a)", "t.a: type int → none"),
    ("create table t (a text)", "create table t (a text collate nocase)", "t.a: collation none → nocase"),
    (
        "create table t (a text collate rtrim unique)",
        "create table t (a text collate nocase unique)",
        "t.a: collation rtrim → nocase",
    ),
    ("create table t (a text not null)", "create table t (a text)", "t.a: not null yes → none"),
    (
        "create table t (a text not null on conflict ignore)",
        "create table t (a text not null on conflict replace)",
        "t.a: on conflict ignore → replace",
    ),
    ("create table t (a default 1)", "create table t (a)", "t.a: default 1 → none"),
    ("create table t (a default 1)", "create table t (a default '1')", "t.a: default 1 → '1'"),
    ("create table t (a default 'x')", "create table t (a default 'X')", "t.a: default 'x' → 'X'"),
    ("create table t (a default true)", "create table t (a default 'true')", "t.a: default 1 → 'true'"),
    (
        "create table t (a default current_timestamp)",
        "create table t (a default (datetime('now')))",
        "t.a: default current_timestamp → datetime('now')",
    ),
    ("create table t (a default x'0f')", "create table t (a default x'0e')", "t.a: default x'0f' → x'0e'"),
    ("create table t (a int, b as (a + 1))", "create table t (a int, b as (a + 2))", "t.b: generated a + 1 → a + 2"),
    (
        "create table t (a int, b as (a + 1) stored)",
        "create table t (a int, b as (a + 1) virtual)",
        "t.b: kept stored → virtual",
    ),
    (
        "create table t (a int, b as (a + 1) stored)",
        "create table t (a int, b)",
        "t.b: generated a + 1 → none\nt.b: kept stored → none",
    ),
    // How rows are numbered.
    (
        "create table t (id integer primary key autoincrement)",
        "create table t (id integer primary key)",
        "t.id: numbers rows autoincrement → rowid",
    ),
    (
        "create table t (id integer primary key)",
        "create table t (id int primary key)",
        "t.id: type integer → int\nt.id: numbers rows rowid → none",
    ),
    (
        "create table t (id integer primary key)",
        "create table t (id integer primary key desc)",
        "t.id: numbers rows rowid → none\nt: primary key (id): columns id → id desc",
    ),
    // Primary keys.
    ("create table t (a, primary key (a))", "create table t (a)", "t: primary key (a) is missing"),
    (
        "create table t (a, b, primary key (a, b))",
        "create table t (a, b, primary key (b, a))",
        "t: primary key (a, b): columns a, b → b, a",
    ),
    (
        "create table t (a, constraint k primary key (a))",
        "create table t (a, primary key (a))",
        "t: primary key k: name k → none",
    ),
    (
        "create table t (a text primary key)",
        "create table t (a text primary key on conflict replace)",
        "t: primary key (a): on conflict none → replace",
    ),
    (
        "create table t (a text, primary key (a))",
        "create table t (a text, primary key (a collate nocase))",
        "t: primary key (a): columns a → a collate nocase",
    ),
    // Unique constraints.
    ("create table t (a unique)", "create table t (a)", "t: unique constraint (a) is missing"),
    (
        "create table t (a, b, unique (a, b))",
        "create table t (a, b, unique (b, a))",
        "t: unique constraint (a, b): columns a, b → b, a",
    ),
    (
        "create table t (a, constraint one unique (a))",
        "create table t (a, constraint two unique (a))",
        "t: unique constraint one: name one → two",
    ),
    (
        "create table t (a text, unique (a))",
        "create table t (a text, unique (a collate nocase))",
        "t: unique constraint (a): columns a → a collate nocase",
    ),
    (
        "create table t (a unique on conflict fail)",
        "create table t (a unique on conflict ignore)",
        "t: unique constraint (a): on conflict fail → ignore",
    ),
    (
        "create table t (id integer primary key)",
        "create table t (id integer primary key unique)",
        "t: unique constraint (id) is there and should not be",
    ),
    // Checks.
    ("create table t (a check (a > 0))", "create table t (a)", "t: check (a > 0) is missing"),
    (
        "create table t (a check (a > 0))",
        "create table t (a check (a > 1))",
        "t: check (a > 0): expression a > 0 → a > 1",
    ),
    (
        "create table t (a, constraint good check (a in ('x', 'y')))",
        "create table t (a, constraint good check (a in ('x', 'Y')))",
        "t: check good: expression a in ('x', 'y') → a in ('x', 'Y')",
    ),
    (
        "create table t (a, constraint good check (a > 0))",
        "create table t (a, check (a > 0))",
        "t: check good: name good → none",
    ),
    (
        "create table t (a check (a <> \"b\"), b)",
        "create table t (a check (a <> 'b'), b)",
        "t: check (a <> b): expression a <> b → a <> 'b'",
    ),
    // Foreign keys.
    (
        "create table p (x primary key); create table t (a references p)",
        "create table p (x primary key); create table t (a)",
        "t: foreign key (a) is missing",
    ),
    (
        "create table p (x primary key); create table t (a references p on delete cascade)",
        "create table p (x primary key); create table t (a references p on delete set null)",
        "t: foreign key (a): on delete cascade → set null",
    ),
    (
        "create table p (x primary key); create table t (a references p)",
        "create table p (x primary key); create table t (a references p on delete restrict)",
        "t: foreign key (a): on delete none → restrict",
    ),
    (
        "create table p (x primary key); create table t (a references p on update cascade)",
        "create table p (x primary key); create table t (a references p)",
        "t: foreign key (a): on update cascade → none",
    ),
    (
        "create table p (x primary key); create table t (a references p deferrable initially deferred)",
        "create table p (x primary key); create table t (a references p)",
        "t: foreign key (a): deferrable initially deferred → none",
    ),
    (
        "create table p (x primary key); create table t (a references p)",
        "create table p (x primary key); create table t (a references p match full)",
        "t: foreign key (a): match none → full",
    ),
    (
        "create table p (x primary key, y unique); create table t (a references p)",
        "create table p (x primary key, y unique); create table t (a references p (y))",
        "t: foreign key (a): refers to p (x) → p (y)",
    ),
    (
        "create table t (a, b, constraint f foreign key (a) references t (b))",
        "create table t (a, b, constraint g foreign key (a) references t (b))",
        "t: foreign key f: name f → g",
    ),
    (
        "create table p (x primary key); create table t (a)",
        "create table p (x primary key); create table t (a, b references p check (b > 0))",
        "t.b is there and should not be\nt: check (b > 0) is there and should not be\n\
         t: foreign key (b) is there and should not be",
    ),
    // Indexes.
    (
        "create table t (\"desc\", \"order\"); create index i on t (\"desc\", \"order\" desc)",
        "create table t (\"desc\", \"order\"); create index i on t (desc desc, \"order\")",
        "t: index i: columns desc, \"order\" desc → desc desc, \"order\"",
    ),
    ("create table t (a); create index i on t (a)", "create table t (a)", "t: index i is missing"),
    ("create table t (a)", "create table t (a); create index i on t (a)", "t: index i is there and should not be"),
    (
        "create table t (a); create unique index i on t (a)",
        "create table t (a); create index i on t (a)",
        "t: index i: unique yes → none",
    ),
    (
        "create table t (a, b); create index i on t (a, b)",
        "create table t (a, b); create index i on t (b, a)",
        "t: index i: columns a, b → b, a",
    ),
    (
        "create table t (a); create index i on t (a)",
        "create table t (a); create index i on t (a desc)",
        "t: index i: columns a → a desc",
    ),
    (
        "create table t (a); create index i on t (a)",
        "create table t (a); create index i on t (a collate nocase)",
        "t: index i: columns a → a collate nocase",
    ),
    (
        "create table t (a); create index i on t (lower(a))",
        "create table t (a); create index i on t (upper(a))",
        "t: index i: columns (lower(a)) → (upper(a))",
    ),
    (
        "create table t (a); create index i on t (a) where a > 'x'",
        "create table t (a); create index i on t (a) where a > 'X'",
        "t: index i: where a > 'x' → a > 'X'",
    ),
    (
        "create table t (a); create index i on t (a)",
        "create table t (a); create index i on t (a) where a is not null",
        "t: index i: where none → a is not null",
    ),
    // Views.
    ("create view v as select 1 as a", "", "view v is missing"),
    (
        "create view v as select 1 as a",
        "create view v as select 2 as a",
        "view v: definition select 1 as a → select 2 as a",
    ),
    ("create view v (a) as select 1", "create view v (b) as select 1", "view v: columns a → b"),
    (
        "create view v as select 1 as a where 'On' = 'On'",
        "create view v as select 1 as a where 'on' = 'On'",
        "view v: definition select 1 as a where 'On' = 'On' → select 1 as a where 'on' = 'On'",
    ),
    // Triggers.
    (
        "create table t (a); create trigger g after insert on t begin delete from t; end",
        "create table t (a)",
        "t: trigger g is missing",
    ),
    (
        "create table t (a); create trigger g after insert on t begin delete from t; end",
        "create table t (a); create trigger g after update of a on t begin delete from t; end",
        "t: trigger g: definition after insert on t begin delete from t; end \
         → after update of a on t begin delete from t; end",
    ),
    (
        "create table t (a); create trigger g before insert on t when new.a > 1 begin select 1; end",
        "create table t (a); create trigger g before insert on t when new.a > 2 begin select 1; end",
        "t: trigger g: definition before insert on t when new.a > 1 begin select 1; end \
         → before insert on t when new.a > 2 begin select 1; end",
    ),
    // Virtual tables.
    (
        "create virtual table f using fts5 (a, b)",
        "create virtual table f using fts5 (a, b, tokenize = 'porter')",
        "virtual table f: definition fts5(a, b) → fts5(a, b, tokenize = 'porter')",
    ),
    ("create virtual table f using fts5 (a)", "", "virtual table f is missing"),
    // Several at once.
    (
        "create table t (a int not null default 1)",
        "create table t (a text default 2)",
        "t.a: type int → text\nt.a: not null yes → none\nt.a: default 1 → 2",
    ),
    (
        "create table t (a check (a > 0), b check (b > 0))",
        "create table t (a check (a > 0), b)",
        "t: check (b > 0) is missing",
    ),
    // What stands on a module's own tables, and on ours.
    (
        "create virtual table f using fts5 (a)",
        "create virtual table f using fts5 (a); create index i on f_content (c0)",
        "f_content: index i is there and should not be",
    ),
    (
        "create virtual table f using fts5 (a); create trigger g after insert on f_content begin select 1; end",
        "create virtual table f using fts5 (a)",
        "f_content: trigger g is missing",
    ),
    (
        "create table strait_history (a)",
        "create table strait_history (a); create trigger g after insert on strait_history begin select 1; end",
        "strait_history: trigger g is there and should not be",
    ),
    (
        "create table strait_version (a)",
        "create table strait_version (a); create index i on strait_version (a)",
        "strait_version: index i is there and should not be",
    ),
    // What only looks like a respelling.
    (
        "create table t (a, b, check (a notnull || b))",
        "create table t (a, b, check (a is not null || b))",
        "t: check (a is not null) || b: expression (a is not null) || b → a is not null || b",
    ),
    (
        "create table t (a, b); create index i on t (a || (b collate nocase))",
        "create table t (a, b); create index i on t ((a || b) collate nocase)",
        "t: index i: columns (a || b collate nocase) → (a || b) collate nocase",
    ),
];
