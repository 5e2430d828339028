//! Any schema leads to any other, and what is written is read as it was.

use proptest::prelude::*;

use super::*;
use crate::schema::language::read_schema;
use crate::schema::language::write::{write_changes, write_schema};
use crate::schema::random::{schema, sorted};

fn of(text: &str) -> Schema {
    read_schema(&format!("-- strait schema 1\n{text}")).unwrap_or_else(|error| panic!("{text}\n{error}")).schema
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_changes_lead_from_any_schema_to_any_other(from in schema(), to in schema()) {
        let mut state = from.clone();
        let changes = diff(&from, &to);
        for change in &changes {
            prop_assert!(state.apply(change).is_ok());
        }
        let (from, reached, wanted) = (write_schema(&from), write_schema(&sorted(&state)), write_schema(&sorted(&to)));
        prop_assert!(sorted(&state) == sorted(&to), "{from}\n{reached}\n{wanted}\n{}", write_changes(&changes));
        prop_assert_eq!(diff(&state, &to), Vec::new());
    }

    #[test]
    fn a_schema_that_is_written_is_read_as_it_was(schema in schema()) {
        let text = write_schema(&schema);
        let read = read_schema(&text);
        prop_assert!(read.is_ok(), "{}\n{:?}", text, read);
        let read = read.expect("is read").schema;
        prop_assert_eq!(sorted(&read), sorted(&schema), "{}", text);
        prop_assert_eq!(write_schema(&read), text);
    }
}

#[test]
fn what_changes_is_changed_and_nothing_else() {
    let from = of("create table t (id int primary key, a text, b int not null default 1, unique (a));
                   create table gone (id int primary key references t (id));");
    let to = of("create table t (id int primary key, a text not null, b bigint not null default 1, c text,
                 check (b > 0)); create index by_c on t (lower(c)); create table new (t_id int references t (id))");
    assert_eq!(
        write_changes(&diff(&from, &to)),
        "alter table t drop constraint t_a_key;
create table new (
  t_id int,
  constraint new_t_id_fkey foreign key (t_id) references t (id)
);
alter table t alter column a set not null;
alter table t alter column b type bigint;
alter table t add column c text;
alter table t add constraint t_b_check check (b > 0);
create index by_c on t (lower(c));
drop table gone;
"
    );
}

#[test]
fn a_column_that_cannot_become_what_it_should_be_is_made_anew() {
    let changes = diff(&of("create table t (id int, at text)"), &of("create table t (id int, at timestamp)"));
    assert_eq!(write_changes(&changes), "alter table t drop column at;\nalter table t add column at timestamp;\n");
    assert!(changes[0].destroys(&Schema::default()).is_some());
    let changes = diff(&of("create table t (id int, n text)"), &of("create table t (id int, n int)"));
    assert_eq!(write_changes(&changes), "alter table t alter column n type int using cast(n as int);\n");
}

#[test]
fn labels_that_change_make_the_type_anew() {
    let from = of("create type m as enum ('a'); create table t (id int, m m default 'a', check (m <> 'a'))");
    let to = of("create type m as enum ('a', 'x'); create table t (id int, m m default 'a', check (m <> 'a'))");
    assert_eq!(
        write_changes(&diff(&from, &to)),
        "alter table t drop constraint t_m_check;
alter table t alter column m drop default;
alter table t alter column m type text;
drop type m;
create type m as enum ('a', 'x');
alter table t alter column m type m;
alter table t alter column m set default 'a';
alter table t add constraint t_m_check check (m <> 'a');
"
    );
}
