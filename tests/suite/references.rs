//! Foreign keys: of inferred targets, of existing ones, and those that cannot be had.

use crate::support::{Database, Source, copy, fresh_database, verify};

/// The foreign keys of a database, a line for each: table, definition, and whether it was validated.
fn foreign_keys(target: &Database) -> Vec<String> {
    let sql = "select conrelid::regclass || ' ' || pg_get_constraintdef(oid) || case when convalidated then '' else ' !' end \
               from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by 1";
    target.psql(sql).lines().map(str::to_owned).collect()
}

#[test]
fn a_reference_keeps_its_actions_and_its_time_of_checking() {
    let source = Source::from_sql(
        "create table child (id integer primary key,
           a integer references parent on delete cascade on update set null,
           b integer references parent (id) on delete set default on update restrict,
           c integer constraint late references parent deferrable initially deferred,
           d integer references parent (id) deferrable,
           x integer, y text, foreign key (x, y) references pair (x, y) on delete restrict,
           foreign key (y, x) references pair deferrable initially immediate);
         create table pair (x integer, y text, primary key (y, x), unique (x, y));
         create table parent (id integer primary key);
         insert into child values (1, 7, 7, 7, null, 1, 'one'), (2, null, null, null, 7, null, 'none');
         insert into pair values (1, 'one'); insert into parent values (7);",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(
        foreign_keys(&target),
        [
            "child FOREIGN KEY (a) REFERENCES parent(id) ON UPDATE SET NULL ON DELETE CASCADE",
            "child FOREIGN KEY (b) REFERENCES parent(id) ON UPDATE RESTRICT ON DELETE SET DEFAULT",
            "child FOREIGN KEY (c) REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED",
            "child FOREIGN KEY (d) REFERENCES parent(id) DEFERRABLE",
            "child FOREIGN KEY (x, y) REFERENCES pair(x, y) ON DELETE RESTRICT",
            "child FOREIGN KEY (y, x) REFERENCES pair(y, x) DEFERRABLE",
        ]
    );
    assert_eq!(target.psql("select count(*) from pg_constraint where conname = 'late'"), "1");
}

#[test]
fn children_before_parents_and_circles_of_tables_are_no_matter() {
    let source = Source::from_sql(
        "create table grandchild (id integer primary key, child integer not null references child);
         create table child (id integer primary key, parent integer not null references parent);
         create table parent (id integer primary key);
         insert into grandchild values (1, 1); insert into child values (1, 1); insert into parent values (1);
         create table folder (id integer primary key, inside integer references folder (id));
         insert into folder values (1, 3), (2, 1), (3, null);
         create table author (id integer primary key, best integer references book);
         create table book (id integer primary key, by integer not null references author);
         insert into author values (1, 10), (2, null); insert into book values (10, 1), (11, 2);",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let tables = copied.whole().report["tables"].as_array().expect("the report lists tables");
    let place = |name: &str| tables.iter().position(|table| table["name"] == name).expect("the table is listed");
    assert!(place("parent") < place("child") && place("child") < place("grandchild"));
    assert_eq!(foreign_keys(&target).len(), 5);
    assert!(foreign_keys(&target).iter().all(|key| !key.ends_with('!')));
}

#[test]
fn orphans_are_kept_and_counted_and_the_constraint_waits_for_a_person() {
    let source = Source::from_sql(
        "create table parent (id integer primary key);
         create table child (id integer primary key, p integer constraint of_parent references parent on delete cascade);
         insert into parent values (1);
         insert into child values (1, 1), (2, 2), (3, 3), (4, null);",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!((copied.status, &copied.table("child")["copied"]), (1, &4.into()));
    let unbuilt = copied.objects("unbuilt");
    assert_eq!(unbuilt.len(), 1);
    assert!(unbuilt[0].starts_with("foreign key child.of_parent: 2 rows refer"), "{unbuilt:?}");
    assert_eq!(foreign_keys(&target), ["child FOREIGN KEY (p) REFERENCES parent(id) ON DELETE CASCADE NOT VALID !"]);
    // New rows are held to it, and it can be validated once the old ones are mended.
    let refused = target.psql(
        "do $$ begin insert into child values (9, 9); raise 'it was taken'; exception when foreign_key_violation then end $$;
         delete from child where p > 1; alter table child validate constraint of_parent; select count(*) from child",
    );
    assert_eq!(refused, "2");
}

#[test]
fn a_reference_that_cannot_be_had_is_named() {
    let source = Source::from_sql(
        "create table parent (id integer primary key, name text, code text unique);
         create table child (id integer primary key, n text constraint to_name references parent (name),
           i text constraint to_id references parent (id), g integer constraint to_gone references gone (id),
           c text constraint to_code references parent (code));
         insert into parent values (1, 'a', 'x');
         insert into child values (1, 'a', 'one', 1, 'x');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.status, 1);
    let unbuilt = copied.objects("unbuilt");
    for (name, why) in [("to_name", "42830"), ("to_id", "42804")] {
        let named =
            unbuilt.iter().any(|line| line.starts_with(&format!("foreign key child.{name}:")) && line.contains(why));
        assert!(named, "{name}: {unbuilt:#?}");
    }
    assert_eq!(unbuilt.len(), 2);
    assert_eq!(copied.objects("left_out"), ["foreign key child.to_gone: the source has no table gone"]);
    assert_eq!(foreign_keys(&target), ["child FOREIGN KEY (c) REFERENCES parent(code)"]);
    assert_eq!(target.psql("select count(*) from child"), "1");
}

#[test]
fn a_reference_to_an_index_or_to_a_key_in_another_case_is_kept() {
    let source = Source::from_sql(
        "create table Parent (Id integer primary key, Code text);
         create unique index by_code on Parent (Code);
         create table child (id integer primary key, p integer references PARENT (ID), c text references parent (CODE));
         insert into Parent values (1, 'x'); insert into child values (1, 1, 'x');",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(
        foreign_keys(&target),
        [
            "child FOREIGN KEY (c) REFERENCES \"Parent\"(\"Code\")",
            "child FOREIGN KEY (p) REFERENCES \"Parent\"(\"Id\")",
        ]
    );
}

const EXISTING: &str = "create table child (id bigint primary key,
       p bigint not null constraint of_parent references parent on delete cascade deferrable initially deferred,
       up bigint constraint of_child references child);";

#[test]
fn the_references_of_an_existing_schema_are_put_back_and_validated() {
    let source = Source::from_sql(
        "create table child (id integer primary key, p integer, up integer);
         create table parent (id integer primary key);
         insert into child values (1, 1, 2), (2, 1, null); insert into parent values (1);",
    );
    let target = fresh_database();
    target.psql(&format!("create table parent (id bigint primary key); {EXISTING}"));
    let before = foreign_keys(&target);
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(foreign_keys(&target), before);
    assert!(before.len() == 2 && before.iter().all(|key| !key.ends_with('!')), "{before:?}");
    assert_eq!(verify(&source.path(), &target).0, 0);
}

#[test]
fn orphans_in_an_existing_schema_are_kept_and_counted_too() {
    let source = Source::from_sql(
        "create table child (id integer primary key, p integer, up integer);
         create table parent (id integer primary key);
         insert into child values (1, 5, null), (2, 1, 9); insert into parent values (1);",
    );
    let target = fresh_database();
    target.psql(&format!("create table parent (id bigint primary key); {EXISTING}"));
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!((copied.status, &copied.table("child")["copied"]), (1, &2.into()));
    let mut unbuilt = copied.objects("unbuilt");
    unbuilt.sort();
    assert!(unbuilt[0].starts_with("foreign key child.of_child: 1 row refers"), "{unbuilt:?}");
    assert!(unbuilt[1].starts_with("foreign key child.of_parent: 1 row refers"), "{unbuilt:?}");
    assert_eq!(
        foreign_keys(&target),
        [
            "child FOREIGN KEY (p) REFERENCES parent(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID !",
            "child FOREIGN KEY (up) REFERENCES child(id) NOT VALID !",
        ]
    );
}

#[test]
fn a_table_that_is_created_refers_to_one_that_is_there_under_its_name_there() {
    let source = Source::from_sql(
        "create table Users (Id integer primary key);
         create table post (id integer primary key, author integer references Users (Id));
         insert into Users values (1); insert into post values (1, 1);",
    );
    let target = fresh_database();
    target.psql("create table users (id bigint primary key)");
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(foreign_keys(&target), ["post FOREIGN KEY (author) REFERENCES users(id)"]);
}
