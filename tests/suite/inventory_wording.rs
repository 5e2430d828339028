//! The inventory of a PostgreSQL schema: two wordings of one thing are agreed on, with whatever rights there are.

use strait::database::{Access, Database, Location};
use strait::schema::inventory::Kind;

use super::inventory_postgres::{read, read_schema, rich_place, sentences};
use crate::support::place::{Place, ask, wait};

/// What a dump changes in the wording of texts: conditions on texts with a length are worded anew when they are loaded.
const WORDED_ANEW: &str = "
create table worded (id int, v varchar(5), w varchar(9)[] default array['a', 'b']::varchar[], check (v in ('a', 'b')));
create rule watched as on update to worded where new.v in ('a', 'b') do also insert into worded values (old.id, 'x');
create function in_list(v varchar) returns boolean language sql return v in ('a', 'b');
create function counted(n int) returns bigint language sql
    begin atomic select count(*) from worded where v in ('a', 'b') and id = n; end;
create procedure kept(n int) language sql begin atomic delete from worded where v in ('a', 'b') and id = kept.n; end;
create table by_list (id int, v varchar(5)) partition by list ((v in ('a', 'b')));
create table by_list_yes partition of by_list for values in (true);
create index in_list_i on worded ((v in ('a', 'b'))) where v in ('c', 'd');
create statistics in_list_s on (v in ('a', 'b')), id from worded;
create view chosen as select id, v in ('a', 'b') as is_chosen from worded where v in ('a', 'b');
create materialized view stored as select id, v in ('a', 'b') as is_chosen from worded where v in ('a', 'b');
create policy seen on worded using (v in ('a', 'b')) with check (v in ('a', 'c'));
create trigger noted before update on worded for each row when (new.v in ('a', 'b')) execute function touch();
create domain letter as varchar(3) default 'a' check (value in ('a', 'b'));
alter table worded add constraint one_room exclude using btree (id with =) where (v in ('a', 'b'));
alter table worded add column is_chosen boolean generated always as (v in ('a', 'b')) stored;
alter table worded alter column id set default case when 'a'::varchar in ('a', 'b') then 1 else 2 end;
";

#[test]
fn what_was_dumped_and_restored_is_the_same_after_agreeing_on_words() {
    let (place, restored, again) = (rich_place(), Place::postgres(), Place::postgres());
    place.server().psql(WORDED_ANEW);
    restored.server().psql(&place.server().dump());
    again.server().psql(&restored.server().dump());
    wait(async {
        let mut expected = read(&mut place.open().await).await;
        let mut twice = read(&mut again.open().await).await;
        let mut database = restored.open().await;
        let mut wanted = expected.clone();
        database.agree_on_wording(&mut wanted, &mut twice).await.expect("they agree");
        assert_eq!(sentences(&wanted, &twice), [""; 0]);
        let mut found = read(&mut database).await;
        assert!(
            !sentences(&expected, &found).is_empty(),
            "the server words some conditions otherwise when they are loaded"
        );
        database.agree_on_wording(&mut expected, &mut found).await.expect("they agree");
        assert_eq!(sentences(&expected, &found), [""; 0]);
        let left = "select count(*) from pg_class where relname like 'strait_wording%'";
        assert_eq!(ask(&mut database, left).await, ["0"], "nothing of it stays");
    });
}

#[test]
fn a_respelling_is_no_difference() {
    let place = Place::postgres();
    place.server().psql(
        "create table t (id serial primary key, a varchar(10) default 'x' check (a in ('p', 'q')), b numeric(5, 1) not null,
             c timestamptz default now(), d text generated always as (a || '!') stored, unique (a, b), up int references t);
         create index t_a on t (a);
         create index t_low on t (lower(a)) where b > 1;
         create view v as select a, b from t where b between 1 and 2;
         create function f(n int) returns int language sql as 'select n';
         create schema other; set search_path = other;
         CREATE SEQUENCE \"t_id_seq\" AS integer;
         CREATE TABLE \"t\" (id INT4 NOT NULL DEFAULT (nextval('t_id_seq')), \"a\" character varying(10) DEFAULT ('x'),
             b DECIMAL(5,1) NOT NULL, /* when */ c timestamp with time zone DEFAULT (NOW()),
             d text GENERATED ALWAYS AS ((a || ('!'))) STORED, up integer, -- the keys
             CONSTRAINT t_pkey PRIMARY KEY (id), CONSTRAINT t_a_check CHECK (((a) IN ('p', 'q'))),
             CONSTRAINT t_a_b_key UNIQUE (a, b), CONSTRAINT t_up_fkey FOREIGN KEY (up) REFERENCES t (id)
                 MATCH SIMPLE ON DELETE NO ACTION NOT DEFERRABLE);
         ALTER SEQUENCE t_id_seq OWNED BY t.id;
         CREATE INDEX t_a ON other.t USING btree (a ASC NULLS LAST);
         CREATE INDEX t_low ON t ((LOWER(a))) WHERE ((b) > (1));
         CREATE VIEW v (a, b) AS (SELECT t.a, t.b FROM t WHERE t.b BETWEEN 1 AND 2);
         CREATE FUNCTION f(n integer) RETURNS int4 VOLATILE CALLED ON NULL INPUT AS 'select n' LANGUAGE sql",
    );
    wait(async {
        let mut database = place.open().await;
        let (expected, found) = (read(&mut database).await, read_schema(&mut database, "other").await);
        assert_eq!(sentences(&expected, &found), [""; 0]);
    });
}

/// The database of a place, for a role of its own that may do nothing but what is granted to it.
async fn as_modest_role(place: &Place, grants: &str) -> Database {
    let name = format!("modest_{}", place.server().name());
    place.server().psql(&format!("create role {name} login; {}", grants.replace("$role", &name)));
    let user = place.server().psql("select current_user");
    let url = place.server().url().replacen(&format!("//{user}@"), &format!("//{name}@"), 1);
    assert_ne!(url, place.server().url(), "the URL names the role");
    let location = Location::parse(&url).expect("the URL is a location");
    Database::open(&location, Access::Read).await.expect("it may connect")
}

/// Reads two wordings of one condition as a role with some rights, and says in what they differ when they were agreed on.
fn agreed_with(grants: &str) -> Vec<String> {
    let place = Place::postgres();
    let database_name = place.server().name();
    place.server().psql(&format!(
        "revoke temporary on database {database_name} from public; create schema restored;
         create table t (v varchar(5) constraint c check (v in ('x', 'y')));
         create table restored.t (v varchar(5), constraint c check (((v)::text = any ((array['x'::varchar, 'y'::varchar])::text[]))))"
    ));
    let sentences = wait(async {
        let mut database = as_modest_role(&place, &grants.replace("$database", database_name)).await;
        let mut expected = read_schema(&mut database, "public").await;
        let mut found = read_schema(&mut database, "restored").await;
        assert_eq!(sentences(&expected, &found).len(), 1, "the two are worded otherwise");
        database.agree_on_wording(&mut expected, &mut found).await.expect("nothing is in the way");
        assert_eq!(ask(&mut database, "select count(*) from pg_namespace where nspname like 'strait%'").await, ["0"]);
        database.close().await;
        sentences(&expected, &found)
    });
    let name = format!("modest_{database_name}");
    place.server().psql(&format!("drop owned by {name}; drop role {name}"));
    sentences
}

#[test]
fn wording_is_agreed_on_with_modest_rights() {
    assert_eq!(agreed_with("grant temporary on database $database to $role"), [""; 0]);
    assert_eq!(agreed_with("grant create on database $database to $role"), [""; 0]);
}

#[test]
fn without_the_right_to_make_anything_a_difference_stays() {
    let left = agreed_with("");
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with("t: check c: expression v::text = ANY"), "{left:?}");
}

#[test]
fn what_is_not_described_is_named_and_what_an_extension_brings_is_the_extension_s() {
    let place = Place::postgres();
    place.server().psql(
        "create schema tools; create extension citext schema tools; create table t (mail tools.citext);
         create schema aside; create table aside.u (a int); create function aside.f(int) returns int language sql as 'select 1';
         create publication everything for all tables; create collation german (provider = icu, locale = 'de');
         create text search configuration plain (copy = simple); create cast (int as t) with inout;
         alter default privileges grant select on tables to public; create schema strait;
         create table strait.version (id text); create table strait.mine (id text)",
    );
    wait(async {
        let inventory = read(&mut place.open().await).await;
        let lines: Vec<String> = inventory.unmanaged.iter().map(|one| format!("{} {}", one.kind, one.name)).collect();
        let expected = [
            "cast integer as t",
            "collation german",
            "default privileges of postgres on tables",
            "function aside.f(integer)",
            "publication everything",
            "table aside.u",
            "table strait.mine",
            "text search configuration plain",
        ];
        assert_eq!(lines, expected);
        assert!(inventory.item(Kind::Extension, "citext").is_some());
        let column = inventory.parts("t", Kind::Column).next().expect("there is one");
        assert_eq!(column.fact("type"), Some("citext"), "an extension's schema does not matter");
        let functions = inventory.items.iter().filter(|item| item.kind == Kind::Function).count();
        assert_eq!(functions, 0, "they are the extension's");
    });
}
