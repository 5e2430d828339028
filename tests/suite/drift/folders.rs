//! The folder check, which needs no database of the user's; and a revision made from the difference to a schema file.

use serde_json::json;
use strait::schema::diff::diff;
use strait::schema::language::read_schema;

use super::{POSTS, USERS, drift, drift_of, migrate, path, portable, sentences};
use crate::support::migrate::{Revisions, asked, change};
use crate::support::place::Place;
use crate::support::strait;

#[test]
fn a_folder_makes_what_its_schema_file_says_and_makes_it_again() {
    let revisions = portable();
    let files = Revisions::of([("app.sql", format!("-- strait schema 1\n{USERS}{POSTS}"))]);
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let flags = ["--folder", "--dir", path(&folder), "--schema", path(&file)];
    let (status, told) = drift(&flags);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
    let comparisons = told["comparisons"].as_array().expect("comparisons");
    let engines: Vec<_> = comparisons.iter().map(|one| one["engine"].as_str().expect("an engine")).collect();
    assert_eq!(engines, ["sqlite", "sqlite", "sqlite", "postgres", "postgres", "postgres"]);
    files.write("app.sql", &format!("-- strait schema 1\n{}{POSTS}", USERS.replace("varchar(40)", "varchar(50)")));
    let (status, told) = drift(&[&flags[..], &["--engine", "sqlite"]].concat());
    assert_eq!(status, 1);
    assert!(sentences(&told).iter().any(|sentence| sentence.starts_with("users")), "{told:#}");
    assert_eq!(told["comparisons"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_a_way_down_leaves_behind_is_named() {
    let revisions = portable();
    revisions.write("V0003__tags.sql", "create table tags (id int primary key);");
    revisions.write("V0003__tags.down.sql", "alter table tags rename to old_tags;");
    let folder = revisions.path();
    let (status, told) = drift(&["--folder", "--dir", path(&folder), "--engine", "sqlite"]);
    let comparison = &told["comparisons"][0];
    assert_eq!(status, 1);
    assert!(comparison["found"].as_str().is_some_and(|found| found.ends_with("taken down to base")), "{told:#}");
    assert!(sentences(&told).contains(&"table old_tags is there and should not be"), "{told:#}");
    assert!(told["notices"][0].to_string().contains("no schema file"), "{told:#}");
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let revisions = Revisions::of([("V0001__t.sql", "-- irreversible: no way\ncreate table t (id int primary key);")]);
    let files = Revisions::of([("app.sql", "-- strait schema 1\ncreate table t (id int primary key);")]);
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let (status, told) = drift(&["--folder", "--dir", path(&folder), "--schema", path(&file), "--engine", "sqlite"]);
    assert_eq!(status, 0, "{told:#}");
    assert!(told["notices"][0].to_string().contains("no way"), "{told:#}");
}

#[test]
fn a_generated_revision_leads_to_the_schema_file_and_back() {
    let wanted = format!(
        "-- strait schema 1\n{}{}create table tags (post bigint references posts (id), tag text not null, primary key \
         (post, tag));\ncreate unique index tags_tag on tags (tag);\n",
        USERS.replace("varchar(40)", "varchar(50)"),
        POSTS.replace("body text default ''", "body text, at timestamp"),
    );
    for place in Place::both() {
        let revisions = super::applied(&place);
        let files = Revisions::of([("app.sql", &wanted)]);
        let (folder, file) = (revisions.path(), files.path().join("app.sql"));
        let run = strait(&["migrate", "autogenerate", "more", "--schema", path(&file), "--dir", path(&folder)]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let (status, told) = drift_of(&revisions, &place, &[]);
        assert_eq!((status, &told["comparisons"][0]["pending"]), (1, &json!(["V0003__more"])), "{told:#}");
        migrate(&revisions, &place, &["up"]);
        let declared = drift(&["--schema", path(&file), "--database-url", &place.url()]);
        assert_eq!((declared.0, sentences(&declared.1)), (0, vec![]), "{:#}", declared.1);
        assert_eq!(drift_of(&revisions, &place, &[]).0, 0);
        migrate(&revisions, &place, &["down"]);
        let (_, told) = drift_of(&revisions, &place, &[]);
        assert_eq!(sentences(&told), [""; 0], "the old state is back");
        assert_eq!(asked(&place, "select count(*) from users"), ["0"]);
    }
}

#[test]
fn columns_that_a_generated_revision_drops_come_back_in_their_old_order() {
    let wide = "create table notes (id bigint primary key, title text, body text, size int, at timestamp);";
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__notes.sql", wide)]);
        migrate(&revisions, &place, &["up"]);
        let columns = match place.is_postgres() {
            true => {
                "select column_name from information_schema.columns where table_name = 'notes' order by ordinal_position"
            }
            false => "select name from pragma_table_info('notes') order by cid",
        };
        let before = asked(&place, columns);
        assert_eq!(before, ["id", "title", "body", "size", "at"]);
        let files = Revisions::of([("app.sql", "-- strait schema 1\ncreate table notes (id bigint primary key);")]);
        let (folder, file) = (revisions.path(), files.path().join("app.sql"));
        let run = strait(&["migrate", "autogenerate", "narrow", "--schema", path(&file), "--dir", path(&folder)]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        migrate(&revisions, &place, &["up", "--allow-destructive"]);
        assert_eq!(asked(&place, columns), ["id"]);
        migrate(&revisions, &place, &["down"]);
        assert_eq!(asked(&place, columns), before);
        let engine = if place.is_postgres() { "postgres" } else { "sqlite" };
        let (status, told) = drift(&["--folder", "--dir", path(&folder), "--engine", engine]);
        assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
    }
}

/// Writes a database's structure, and holds the file to make the same again.
fn dumped(place: &Place, files: &Revisions, name: &str) -> String {
    // The folder need not be there.
    let file = files.path().join("schemas").join(name);
    let flags = ["migrate", "dump", "--database-url", &place.url(), "--to", path(&file)];
    let run = strait(&flags);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    let again = strait(&flags);
    assert!(again.status == 2 && again.stderr.contains("is not overwritten"), "{}", again.stderr);
    let (status, told) = drift(&["--schema", path(&file), "--database-url", &place.url()]);
    let text = std::fs::read_to_string(&file).expect("it was written");
    assert_eq!((status, sentences(&told)), (0, vec![]), "{text}\n{told:#}");
    text
}

#[test]
fn a_dump_reads_back_as_the_schema_from_which_the_database_was_made() {
    let text = "-- strait schema 1\n\
        create table people (id bigint generated by default as identity primary key, name varchar(40) not null default 'x', \
        size int default 3, price numeric(10,2) default 0, active boolean not null default true, born date, at timestamptz \
        default now(), seen timestamp(0), key uuid default gen_random_uuid(), data json, notes jsonb, face bytes, tags text[], \
        full_name text generated always as (name || '!') stored, constraint people_size check (size > 0 and name <> ''));\n\
        create unique index people_name on people (lower(name)) where active;\n\
        create index people_born on people (born desc, name);\n\
        create table posts (person bigint not null, number int, title text, constraint posts_pkey primary key (person, \
        number), constraint posts_title unique (title), constraint posts_person foreign key (person) references people (id) \
        on delete cascade);\n";
    let files = Revisions::of([("app.sql", text)]);
    let wanted = read_schema(text).expect("it is a schema file").schema;
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__all.sql", text.split_once('\n').expect("lines").1)]);
        migrate(&revisions, &place, &["up"]);
        let dump = dumped(&place, &files, &format!("{}.sql", place.engine()));
        assert!(!dump.contains("-- not carried") && !dump.contains("-- only"), "{dump}");
        let found = read_schema(&dump).expect("it is a schema file").schema;
        assert_eq!(diff(&wanted, &found), [], "{dump}");
    }
}

#[test]
fn what_the_language_cannot_say_is_kept_for_the_engine() {
    let [sqlite, postgres] = Place::both();
    let files = Revisions::of([("empty.sql", "")]);
    change(
        &sqlite,
        "create table t (id integer primary key, n text collate nocase unique, d datetime default current_timestamp); create \
         view v as select n from t; create trigger g after insert on t begin update t set n = 'x'; end",
    );
    let text = dumped(&sqlite, &files, "sqlite.sql");
    for part in ["-- only: sqlite\n", "create table t (id integer", "create view v", "create trigger g", "-- end\n"] {
        assert!(text.to_lowercase().contains(part), "{part} is not in: {text}");
    }
    change(
        &postgres,
        "create table t (id int primary key, a inet, b text collate \"C\"); create view v as select b from t; create function \
         f(int) returns int language sql as 'select $1'; comment on table t is 'all of them'; create index i on t using hash (b)",
    );
    let text = dumped(&postgres, &files, "postgres.sql");
    for part in ["-- only: postgres\n", "\"a\" inet", "view v", "function f", "all of them", "t.a has the type inet"] {
        assert!(text.to_lowercase().contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn a_column_in_the_middle_of_the_schema_file_is_no_failure() {
    for place in Place::both() {
        let revisions = super::applied(&place);
        let wanted = format!("-- strait schema 1\n{USERS}{}", POSTS.replace("body text", "at timestamp, body text"));
        let files = Revisions::of([("app.sql", &wanted)]);
        let (folder, file) = (revisions.path(), files.path().join("app.sql"));
        let generate = ["migrate", "autogenerate", "more", "--schema", path(&file), "--dir", path(&folder)];
        assert_eq!(strait(&generate).status, 0);
        migrate(&revisions, &place, &["up"]);
        let engine = if place.is_postgres() { "postgres" } else { "sqlite" };
        let by_folder = ["--folder", "--dir", path(&folder), "--schema", path(&file), "--engine", engine];
        let url = place.url();
        let by_file = ["--schema", path(&file), "--database-url", &url];
        for form in [&by_folder[..], &by_file] {
            let (status, told) = drift(form);
            assert_eq!(status, 0, "{told:#}");
            assert!(sentences(&told)[0].starts_with("table posts: order of columns id, author, at, body"), "{told:#}");
            assert!(told["notices"].to_string().contains("--strict"), "{told:#}");
            assert_eq!(drift(&[form, &["--strict"]].concat()).0, 1);
        }
        let again = strait(&generate);
        assert!(again.stdout.contains("nothing to write"), "{}", again.stdout);
    }
}

#[test]
fn the_first_generated_revision_holds_the_blocks_and_rows_of_the_schema_file() {
    let blocks = "-- only: sqlite\ncreate view v as select 'sqlite' as n;\n-- end\n-- only: postgres\ncreate view v as select \
                  'postgres' as n;\n-- end\n";
    let seed = "insert into notes (id, n) values (1, 'x') on conflict do nothing;\n";
    let text = format!("-- strait schema 1\ncreate table notes (id bigint primary key, n text);\n{blocks}{seed}");
    let (revisions, files) = (Revisions::of([("README", "")]), Revisions::of([("app.sql", &text)]));
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let generate = ["migrate", "autogenerate", "first", "--schema", path(&file), "--dir", path(&folder)];
    assert_eq!(strait(&generate).status, 0);
    for place in Place::both() {
        migrate(&revisions, &place, &["up"]);
        assert_eq!(asked(&place, "select n from v"), [if place.is_postgres() { "postgres" } else { "sqlite" }]);
        assert_eq!(asked(&place, "select n from notes"), ["x"]);
        let (status, told) = drift(&["--schema", path(&file), "--database-url", &place.url()]);
        assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
    }
    files.write("app.sql", &format!("{text}-- only: sqlite\ncreate view w as select 1 as n;\n-- end\n"));
    let told = strait(&generate).stdout;
    assert!(told.contains("line 11 of the schema file is for SQLite alone") && !told.contains("line 4"), "{told}");
    assert!(
        told.contains("nothing was written: in what both engines share") && !told.contains("nothing to write"),
        "{told}"
    );
}

#[test]
fn a_seed_that_no_revision_inserts_in_all_its_columns_is_seen() {
    const TABLE: &str = "create table tips (id int primary key, name text, day date, kind text default 'plain');\n";
    let folder = Revisions::of([(
        "V0001__tips.sql",
        format!(
            "{}insert into tips (id, name, day) values (1, 'Random tips', '2020-01-01'), (2, 'x', null);\n\
             alter table tips add column kind text; alter table tips alter column kind set default 'plain';",
            TABLE.replace(", kind text default 'plain'", "")
        ),
    )]);
    let rows = |day: &str| {
        format!("insert into tips (id, name, day) values (1, 'Random tips', '{day}') on conflict do nothing;\n")
    };
    let more = "insert into tips (id, name) values (2, 'x') on conflict do nothing;\n";
    let files = Revisions::of([("app.sql", format!("-- strait schema 1\n{TABLE}{}{more}", rows("2020-01-01")))]);
    let (dir, file) = (folder.path(), files.path().join("app.sql"));
    let flags = ["--folder", "--dir", path(&dir), "--schema", path(&file), "--engine", "sqlite"];
    let (status, told) = drift(&flags);
    let problems = told["problems"].to_string();
    assert!(status == 1 && problems.contains("2 of the 2 that the schema file inserts are missing"), "{told:#}");
    folder.write("V0002__kind.sql", "update tips set kind = 'plain' where id > 0;");
    folder.write("V0002__kind.down.sql", "update tips set kind = null where id > 0;");
    assert_eq!(drift(&flags).0, 0);
    files.write("app.sql", &format!("-- strait schema 1\n{TABLE}{}{more}", rows("2021-01-01")));
    let (status, told) = drift(&flags);
    let problems = told["problems"].to_string();
    assert!(status == 1 && problems.contains("1 of the 2 that the schema file inserts are missing"), "{told:#}");
}

#[test]
fn a_unique_constraint_on_the_primary_key_means_nothing_and_is_named() {
    let table = |unique: &str| format!("-- strait schema 1\ncreate table t (id int primary key, n text{unique});\n");
    for (unique, before) in [(", unique (id)", ""), ("", ", unique (id)")] {
        let revisions = Revisions::of([("V0001__t.sql", table(before))]);
        let files = Revisions::of([("app.sql", table(unique))]);
        let (folder, file) = (revisions.path(), files.path().join("app.sql"));
        let run = strait(&["migrate", "autogenerate", "more", "--schema", path(&file), "--dir", path(&folder)]);
        assert!(run.status == 0 && !folder.join("V0002__more.sql").exists(), "{}", run.stdout);
        assert_eq!(run.stdout.contains("unique (id) of table t is left out"), !unique.is_empty(), "{}", run.stdout);
        let (status, told) = drift(&["--folder", "--dir", path(&folder), "--schema", path(&file)]);
        assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
        for place in Place::both() {
            migrate(&revisions, &place, &["up"]);
            let (status, told) = drift(&["--schema", path(&file), "--database-url", &place.url()]);
            assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
        }
    }
}

#[test]
fn a_generated_revision_that_has_no_reverse_has_its_way_down_written() {
    const BEFORE: &str = "create table t (id int generated by default as identity primary key, n int);\n";
    let after = "-- strait schema 1\ncreate table t (id bigint generated by default as identity primary key, n text);\n\
                 create table u (t_id bigint references t (id));\n";
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__t.sql", BEFORE)]);
        let files = Revisions::of([("app.sql", after)]);
        let (folder, file) = (revisions.path(), files.path().join("app.sql"));
        migrate(&revisions, &place, &["up"]);
        change(&place, "insert into t (n) values (7)");
        let run = strait(&["migrate", "autogenerate", "more", "--schema", path(&file), "--dir", path(&folder)]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        migrate(&revisions, &place, &["up"]);
        let (status, told) = drift(&["--schema", path(&file), "--database-url", &place.url()]);
        assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
        migrate(&revisions, &place, &["down", "--allow-destructive"]);
        assert_eq!(asked(&place, "select n + 1 from t"), ["8"]);
        assert_eq!(sentences(&drift_of(&revisions, &place, &[]).1), [""; 0], "the old state is back");
    }
}

#[test]
fn a_first_revision_without_a_way_down_is_named_when_it_is_made() {
    let text = "-- strait schema 1\ncreate table t (id int primary key);\n-- only: postgres\ncreate view v as select 1 as n;\n\
                -- end\n";
    let (revisions, files) = (Revisions::of([("README", "")]), Revisions::of([("app.sql", text)]));
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let run = strait(&["migrate", "autogenerate", "first", "--schema", path(&file), "--dir", path(&folder)]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let said =
        "on PostgreSQL this revision has no way down: what begins with `create view v as` is no change of structure";
    assert!(run.stdout.contains(said) && !run.stdout.contains("on SQLite this"), "{}", run.stdout);
}
