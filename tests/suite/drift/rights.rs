//! Who may do what: what a folder says, what default privileges give, and in whichever place the folder is tried.

use serde_json::json;

use super::{drift, drift_of, migrate, path, sentences};
use crate::support::migrate::{Revisions, change};
use crate::support::place::Place;
use crate::support::{Database, fresh_database, strait};

/// A database with two roles of its own, which are gone with it.
struct Roles {
    place: Place,
    app: String,
    reader: String,
}

impl Roles {
    fn new() -> Self {
        let place = Place::postgres();
        let [app, reader] = ["app", "reader"].map(|word| format!("{}_{word}", place.server().name()));
        change(&place, &format!("create role {app}; create role {reader}"));
        Self { place, app, reader }
    }

    /// The text, with the names of the roles in it.
    fn named(&self, sql: &str) -> String {
        sql.replace("$app", &self.app).replace("$reader", &self.reader)
    }

    fn run(&self, sql: &str) {
        change(&self.place, &self.named(sql));
    }

    /// What is told of the database, with the expected structure made in each of the places in turn.
    fn told(&self, revisions: &Revisions, scratch: &Database) -> Vec<Vec<String>> {
        let places = [&[][..], &["--scratch-url", scratch.url()], &["--scratch-url", "private"]];
        let told = places.map(|flags| {
            let (_, told) = drift_of(revisions, &self.place, flags);
            let names = |one: &str| one.replace(&self.app, "$app").replace(&self.reader, "$reader");
            sentences(&told).into_iter().map(names).collect()
        });
        told.to_vec()
    }
}

impl Drop for Roles {
    fn drop(&mut self) {
        for role in [&self.app, &self.reader] {
            self.place.server().psql(&format!("drop owned by {role}; drop role {role}"));
        }
    }
}

const MAKES: &str = "create table t (id serial primary key, a int);
create view v as select a from t;
create function g(n int) returns int language sql as 'select n';
create type mood as enum ('ok');
grant select on all tables in schema public to $app;
grant usage on schema public to $app;
grant update (a) on v to $app;
revoke insert on t from $reader;
";
const DEFAULTS: &str =
    "alter default privileges in schema public grant select, insert on tables to $reader with grant option;
alter default privileges grant usage on sequences to $app;
alter default privileges revoke execute on functions from public;
alter default privileges in schema public grant usage on types to $reader";

#[test]
fn what_default_privileges_give_is_expected_wherever_the_folder_is_tried() {
    let roles = Roles::new();
    roles.run(DEFAULTS);
    let revisions = Revisions::of([("V0001__t.postgres.sql", roles.named(MAKES))]);
    migrate(&revisions, &roles.place, &["up"]);
    // A place with rights of its own, which are nobody's business.
    let scratch = fresh_database();
    scratch.psql(&roles.named(
        "grant create on schema public to $reader; alter default privileges grant all on tables to public; \
         alter default privileges in schema public grant all on sequences to $reader",
    ));
    assert_eq!(roles.told(&revisions, &scratch), [const { Vec::<String>::new() }; 3]);
    roles.run("revoke select on t from $reader; grant delete on t to $app; grant insert (a) on v to $reader");
    roles.run("grant create on schema public to $reader; grant execute on function g to public");
    let expected = [
        "schema: grants owner: all; public: usage; $app: usage → owner: all; public: usage; $app: usage; $reader: create",
        "function g(integer): grants owner: all → none",
        "table t: grants owner: all; $app: select; $reader: select with grant option → owner: all; $app: delete, select",
        "view v: column grants a ($app: update) → a ($app: update; $reader: insert)",
    ];
    for told in roles.told(&revisions, &scratch) {
        assert_eq!(told, expected);
    }
    scratch.psql("drop schema public cascade");
    scratch.psql(&roles.named("drop owned by $reader"));
}

#[test]
fn another_role_s_default_privileges_are_those_of_what_it_has_made() {
    let roles = Roles::new();
    roles.run("grant create on schema public to $app; alter default privileges for role $app revoke execute on functions from public");
    roles.run("alter default privileges for role $app in schema public grant select on tables to $reader");
    roles.run(
        "alter default privileges grant insert on tables to $reader; set role $app; create table t (id int); \
         create function g(n int) returns int language sql as 'select n'; reset role; revoke create on schema public from $app",
    );
    let file = "-- strait schema 1\ncreate table t (id int);\n-- only: postgres\ncreate function g(n int) returns int \
                language sql as 'select n';\n-- end\n";
    let files = Revisions::of([("app.sql", file)]);
    let (file, url) = (files.path().join("app.sql"), roles.place.url());
    for flags in [&[][..], &["--scratch-url", "private"]] {
        let (_, told) = drift(&[&["--schema", path(&file), "--database-url", &url], flags].concat());
        assert_eq!(sentences(&told), [""; 0], "{told:#}");
    }
    roles.run("revoke select on t from $reader");
    let (_, told) = drift(&["--schema", path(&file), "--database-url", &url]);
    let mend = roles.named("grant select on \"t\" to $reader");
    assert_eq!(told["comparisons"][0]["differences"][0]["mend"], json!(mend), "{told:#}");
}

#[test]
fn a_folder_that_names_roles_is_checked_on_a_server_that_has_none() {
    let text = "create table t (id int primary key);
create table u (id int primary key);
grant select on t to \"Some reader\";
alter table u owner to some_owner;
create policy p on t to some_reader using (id > 0);
";
    let revisions = Revisions::of([
        ("V0001__t.postgres.sql", text.to_owned()),
        ("V0001__t.down.postgres.sql", "drop table t; drop table u;".into()),
        ("V0002__u.postgres.sql", "-- transaction: none\ngrant insert on u to some_writer;".into()),
        ("V0002__u.down.postgres.sql", "revoke insert on u from some_writer;".into()),
    ]);
    let declared = "-- strait schema 1\ncreate table t (id int primary key);\ncreate table u (id int primary key);\n\
                    -- only: postgres\ngrant select on t to \"Some reader\";\ngrant insert on u to some_writer;\n\
                    alter table u owner to some_owner;\ncreate policy p on t to some_reader using (id > 0);\n-- end\n";
    let files = Revisions::of([("app.sql", declared)]);
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let (status, told) = drift(&["--folder", "--engine", "postgres", "--dir", path(&folder), "--schema", path(&file)]);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
}

#[test]
fn revisions_that_name_roles_are_tried_on_a_server_that_has_none() {
    let revisions = Revisions::of([
        (
            "V0001__t.postgres.sql",
            "create table t (id int primary key); grant select on t to a_reader, another_reader;",
        ),
        ("V0001__t.down.postgres.sql", "revoke select on t from a_reader; drop table t;"),
    ]);
    let folder = revisions.path();
    let run = strait(&["migrate", "test", "--engine", "postgres", "--dir", path(&folder)]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
}
