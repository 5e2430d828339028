//! What a table can have, one test for each: every edit must leave it as it was.

use super::Feature;

macro_rules! features {
    ($($name:ident($table:literal) $schema:literal, $rows:literal, $live:literal;)*) => {
        $(
            #[test]
            fn $name() {
                Feature { table: $table, schema: $schema, rows: $rows, live: $live }.hold();
            }
        )*
    };
}

features! {
    a_plain_table("t")
        "create table t (id integer primary key, {note}b int{column}{end})",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'b', 2)",
        "insert into t (b{n}) values (3{v})";
    an_empty_table("t")
        "create table t (id integer primary key, {note}b int{column}{end})",
        "insert into notes values ('a')",
        "insert into t (b{n}) values (3{v})";
    many_rows("t")
        "create table t (id integer primary key, {note}b int{column}{end})",
        "insert into t (id, note, b) with recursive c (i) as (select 1 union all select i + 1 from c where i < 2000)
         select i * 7, 'a', i from c",
        "insert into t (b{n}) values (3{v})";
    autoincrement_and_its_high_water_mark("t")
        "create table t (id integer primary key autoincrement, {note}b int{column}{end});
         create table other (id integer primary key autoincrement)",
        "insert into t (id, note, b) values (1, 'a', 1), (900, 'b', 2); delete from t where id = 900;
         insert into other values (77); delete from other",
        "insert into t (b{n}) values (3{v}); insert into other default values";
    a_high_water_mark_of_an_empty_table("t")
        "create table t (id integer primary key autoincrement, {note}b int{column}{end})",
        "insert into t (id, note, b) values (5, 'a', 1); insert into notes values ('a'); delete from t",
        "insert into t (b{n}) values (3{v})";
    a_high_water_mark_set_by_hand("t")
        "create table t (id integer primary key autoincrement, {note}b int{column}{end})",
        "insert into t (id, note, b) values (5, 'a', 1); update sqlite_sequence set seq = 3 where name = 't'",
        "insert into t (b{n}) values (3{v})";
    collations("t")
        "create table t (id integer primary key, {note}b text collate nocase, c text collate rtrim unique{column}{end})",
        "insert into t (id, note, b, c) values (1, 'a', 'X', 'y  ')",
        "update t set c = 'z' where b = 'x'; insert or ignore into t (id, c{n}) values (2, 'z   '{v})";
    checks_with_and_without_names("t")
        "create table t (id integer primary key check (id > 0), {note}b int constraint small check (b < 9){column},
         check (b <> 5), constraint \"not six\" check (b <> 6){end})",
        "insert into t (id, note, b) values (1, 'a', 1)",
        "insert or ignore into t (b{n}) values (9{v}), (5{v}), (6{v}), (7{v})";
    generated_columns("t")
        "create table t (id integer primary key, {note}b int, c int generated always as (b * 2) virtual,
         d int as (c + 1) stored not null{column}{end})",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'a', 4)",
        "insert into t (b{n}) values (3{v})";
    a_stored_column_before_others("t")
        "create table t (s text as (b || '!') stored, id integer primary key, {note}b int{column}{end})",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'a', 4)",
        "insert into t (b{n}) values (3{v})";
    foreign_keys_with_names_and_actions("t")
        "create table p (id integer primary key, u text unique);
         create table t (id integer primary key, {note}b int constraint bp references p on delete set null on update cascade,
         c text default 'd' references p (u) on delete set default{column},
         constraint \"b and p\" foreign key (b) references p (id) on update restrict on delete no action{end})",
        "insert into p values (1, 'one'), (2, 'd'); insert into t (id, note, b, c) values (1, 'a', 1, 'one')",
        "update p set id = id where id = 2; update t set b = 2; delete from p where id = 1";
    deferrable_foreign_keys("t")
        "create table p (id integer primary key);
         create table t (id integer primary key, {note}b int references p deferrable initially deferred,
         c int references p not deferrable initially immediate{column},
         foreign key (c) references p match full deferrable{end})",
        "insert into p values (1); insert into t (id, note, b, c) values (1, 'a', 1, 1)",
        "begin; insert into t (b{n}) values (7{v}); insert into p values (7); commit";
    a_reference_to_itself("t")
        "create table t (id integer primary key, {note}up int references t (id) on delete cascade{column}{end})",
        "insert into t (id, note, up) values (1, 'a', null), (2, 'a', 1), (3, 'a', 2)",
        "insert into t (up{n}) values (2{v})";
    a_cycle_of_references("t")
        "create table t (id integer primary key, {note}b int references u (id) on delete cascade{column}{end});
         create table u (id integer primary key, t_id int references t (id) on delete cascade)",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'a', 2); insert into u values (1, 1), (2, 2)",
        "update t set b = 2 where id = 1";
    a_reference_to_a_table_that_is_missing("t")
        "create table t (id integer primary key, {note}b int references nowhere{column}{end})",
        "insert into t (id, note, b) values (1, 'a', null), (2, 'a', 5)",
        "update t set id = id";
    rows_that_refer_to_nothing("t")
        "create table p (id integer primary key);
         create table t (id integer primary key, {note}b int references p{column}{end})",
        "insert into t (id, note, b) values (1, 'a', 5), (2, 'a', 6)",
        "insert into p values (6)";
    indexes_of_every_kind("t")
        "create table t (id integer primary key, {note}b text, c int{column}{end});
         create index \"expression\" on t (lower(b), c + 1);
         create unique index [partial] ON t(c)  where c > 0 and b is not null;
         create index descending on t (c desc, b collate nocase asc);
         CREATE  INDEX /* odd */ spaced on t -- why
         (b)",
        "insert into t (id, note, b, c) values (1, 'a', 'X', 1), (2, 'a', null, 1)",
        "insert or ignore into t (b, c{n}) values ('y', 1{v})";
    triggers_of_its_own("t")
        "create table log (what text, n int);
         create table t (id integer primary key, {note}b int{column}{end});
         create trigger first after insert on t begin insert into log values ('first', new.id); end;
         create trigger [second] AFTER INSERT ON t WHEN new.b > 1
         BEGIN -- two
           insert into log values ('second', new.b); update t set b = b + 10 where id = new.id; END;
         create trigger third before delete on \"t\" begin insert into log select 'third', count(*) from t; end;
         create trigger fourth after update of b on t begin insert into log values ('fourth', old.b); end",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'a', 5)",
        "insert into t (b{n}) values (3{v}); update t set b = 4 where id = 1";
    triggers_elsewhere("t")
        "create table t (id integer primary key, {note}b int{column}{end});
         create table u (id integer primary key);
         create trigger u_t after insert on u begin update t set b = new.id; delete from [T] where id = new.id; end",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'a', 5), (3, 'a', 6)",
        "insert into u values (2)";
    views_and_their_triggers("t")
        "create table t (id integer primary key, {note}b int{column}{end});
         create view v as select id, b from \"t\" where b > 0; create view w (x) as select count(*) from v join t using (id);
         create trigger vi instead of update on v begin update t set b = new.b + 1 where id = old.id; end",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'a', 0)",
        "update v set b = 8";
    a_view_that_was_broken_before("t")
        "create table t (id integer primary key, {note}b int{column}{end});
         create table gone (x); create view bad as select x from gone",
        "insert into t (id, note, b) values (1, 'a', 1)",
        "update t set b = 2";
    strict("t")
        "create table t (id integer primary key, {note}b any, c int not null default 3{column}{end}) strict",
        "insert into t (id, note, b) values (1, 'a', '1.0'), (2, 'a', x'00'), (3, 'a', 1.0)",
        "insert into t (b{n}) values ('007'{v})";
    without_rowid("t")
        "create table t (id text primary key, {note}b int{column}{end}) without rowid",
        "insert into t (id, note, b) values ('x', 'a', 1), ('y', 'a', 2)",
        "insert into t (id, b{n}) values ('w', 3{v})";
    without_rowid_and_strict("t")
        "create table t (k int, id text unique, {note}b int{column}, primary key (k desc, b){end}) Without RowId, strict",
        "insert into t (k, id, note, b) values (1, 'x', 'a', 1), (1, 'y', 'a', 2)",
        "insert into t (k, id, b{n}) values (0, 'w', 3{v})";
    a_key_with_a_collation_of_its_own("t")
        "create table t (k text collate nocase, id int unique, {note}b int{column}, primary key (k collate binary){end}) without rowid",
        "insert into t (k, id, note, b) values ('x', 1, 'a', 1), ('X', 2, 'a', 2)",
        "insert into t (k, id, b{n}) values ('xX', 3, 3{v})";
    odd_type_names("t")
        "create table t (id integer primary key, {note}b unsigned big int, c, d \"my type\" (10, -2), e long floating point,
         f 'text', g STRING{column}{end})",
        "insert into t (id, note, b, c, d, e, f, g) values (1, 'a', 18446744073709551615, '1', '1.0', 1, '1.0', '1.0')",
        "insert into t (b{n}) values ('12'{v})";
    odd_quoting("t")
        "create table [t] (`id` integer primary key, {note}[b c] int, 'd' text, \"e\"\"f\" int check (\"e\"\"f\" > [b c])
         {column}{end})",
        "insert into t (id, note, [b c], d, \"e\"\"f\") values (1, 'a', 1, 'd', 2)",
        "update t set d = 'e'";
    names_that_are_keywords("t")
        "create table t (id integer primary key, {note}key int, replace text, \"check\" int, match int, \"select\" int,
         first int, action text, generated int{column}, constraint [primary] check (\"check\" > key){end})",
        "insert into t (id, note, key, replace, \"check\") values (1, 'a', 1, 'd', 2)",
        "update t set \"select\" = 4";
    a_table_whose_name_needs_quotes("it's a \"table\" [x]")
        "create table \"it's a \"\"table\"\" [x]\" (id integer primary key autoincrement, {note}b int unique{column}{end});
         create index \"an 'index\" on \"it's a \"\"table\"\" [x]\" (b)",
        "insert into \"it's a \"\"table\"\" [x]\" (id, note, b) values (8, 'a', 1)",
        "insert into \"it's a \"\"table\"\" [x]\" (b{n}) values (3{v})";
    a_table_called_like_a_keyword("order")
        "create table \"order\" (id integer primary key, {note}b int references \"order\"{column}{end});
         create trigger o after insert on \"order\" begin update \"order\" set b = 1; end",
        "insert into \"order\" (id, note, b) values (1, 'a', 1)",
        "insert into \"order\" (b{n}) values (1{v})";
    unicode("größe")
        "create table größe (id integer primary key, {note}straße text default 'ß\u{1F600}' check (straße <> 'é'){column}{end});
         create index ïx on größe (straße)",
        "insert into größe (id, note) values (1, 'a'), (2, 'b')",
        "insert into größe (id{n}) values (9{v})";
    comments_in_the_text("t")
        "create table t ( -- the table, (it is)
           id integer /* key */ primary key, -- the id
           {note}/* b, c ) */ b int -- the last, 'really'
           {column}, -- between
           constraint c check (b > 0) -- done )
         /* end */ {end})",
        "insert into t (id, note, b) values (1, 'a', 1)",
        "insert or ignore into t (b{n}) values (0{v})";
    on_conflict_clauses("t")
        "create table t (id integer primary key on conflict replace, {note}b int not null on conflict ignore,
         c int unique on conflict replace{column}, unique (b, c) on conflict fail{end})",
        "insert into t (id, note, b, c) values (1, 'a', 1, 1), (2, 'a', 1, 2)",
        "insert into t (id, b, c{n}) values (5, 5, 2{v}); insert into t (id, b{n}) values (9, null{v})";
    rowids_without_a_key("t")
        "create table t (id int unique, {note}b int{column}{end})",
        "insert into t (rowid, id, note, b) values (-9223372036854775808, 1, 'a', 1), (-1, 2, 'a', 2), (0, 3, 'a', 3),
         (9223372036854775807, 4, 'a', 4)",
        "update t set b = 9";
    a_key_that_is_not_the_rowid("t")
        "create table t (id int primary key, {note}b int{column}{end})",
        "insert into t (rowid, id, note, b) values (50, 1, 'a', 1), (7, 2, 'a', 2), (9, null, 'a', 3)",
        "insert into t (id, b{n}) values (10, 3{v})";
    an_integer_key_in_descending_order("t")
        "create table t (id integer primary key desc, {note}b int{column}{end})",
        "insert into t (rowid, id, note, b) values (50, 1, 'a', 1), (7, 2, 'a', 2), (9, null, 'a', 3)",
        "insert into t (id, b{n}) values (10, 3{v})";
    columns_called_like_the_rowid("t")
        "create table t (rowid text, id int unique, {note}_rowid_ int{column}{end})",
        "insert into t (oid, rowid, id, note, _rowid_) values (50, 'x', 1, 'a', 1), (7, 'y', 2, 'a', 2)",
        "insert into t (rowid, id{n}) values ('z', 5{v})";
    columns_called_like_all_names_of_the_rowid("t")
        "create table t (rowid text, id int unique, {note}_rowid_ int, oid real{column}{end})",
        "insert into t (rowid, id, note, _rowid_, oid) values ('x', 1, 'a', 1, -0.0), ('y', 2, 'a', 2, 0.1)",
        "insert into t (rowid, id{n}) values ('z', 5{v})";
    a_key_over_several_columns("t")
        "create table t (k int, {note}id int not null unique, b text{column}, constraint pk primary key (b, k desc){end})",
        "insert into t (k, note, id, b) values (1, 'a', 1, 'x'), (2, 'a', 2, 'x'), (null, 'a', 3, null)",
        "insert into t (k, id, b{n}) values (3, 4, 'x'{v})";
    a_key_declared_for_the_table("t")
        "create table t (id integer, {note}b text{column}, primary key (id autoincrement){end})",
        "insert into t (id, note, b) values (10, 'a', 'x'); delete from notes; insert into t (id, note) values (12, 'a'), (11, 'a');
         delete from t where id = 12",
        "insert into t (b{n}) values (3{v})";
    a_null_in_a_key("t")
        "create table t (id text primary key, {note}b int{column}{end})",
        "insert into t (id, note, b) values (null, 'a', 1), (null, 'a', 2), ('x', 'a', 3)",
        "insert into t (b{n}) values (3{v})";
    several_uniques_without_names("t")
        "create table t (id integer primary key, {note}b int unique, c int unique{column}, unique (b, c), unique (c, b desc)
         constraint named unique (c collate nocase, id){end})",
        "insert into t (id, note, b, c) values (1, 'a', 1, 1), (2, 'a', 2, null), (3, 'a', 3, null)",
        "insert or ignore into t (b, c{n}) values (1, 1{v})";
    default_expressions("t")
        "create table t (id integer primary key, {note}b text default (upper('x,)') || ')'), c int default -5,
         d text default current_timestamp, e default \"word\", f blob default x'00ff', g default (1.50), h default null{column}{end})",
        "insert into t (id, note, d) values (1, 'a', 'then')",
        "insert into t (d{n}) values ('now'{v})";
    values_of_every_class("t")
        "create table t (id integer primary key, {note}b blob, c text, d real, e numeric, f integer{column}{end})",
        "insert into t (id, note, b, c, d, e, f) values
         (1, 'a', x'', '', 0.0, '1e400', 9223372036854775807), (2, 'a', '1.0', '1.0', -0.0, 1e300, -9223372036854775808),
         (3, 'a', 1.5, cast(x'610062' as text), 1e999, 0.1, 'text'), (4, 'a', 1, cast(x'ff00fe' as text), 5, 4503599627370497.5, x'31'),
         (5, 'a', zeroblob(5000), null, 'many', ' 1', 2.5), (6, 'a', null, 1, 1e-320, 9007199254740993, '0x10')",
        "update t set f = 1 where id = 3";
    statistics("t")
        "create table t (id integer primary key, {note}b int{column}{end}); create index i on t (b)",
        "insert into t (id, note, b) values (1, 'a', 1), (2, 'a', 1)",
        "analyze";
    a_name_without_a_constraint("t")
        "create table t (id integer primary key, {note}b int constraint lonely, c int null{column}, constraint only check (b > 0){end})",
        "insert into t (id, note, b) values (1, 'a', 1)",
        "update t set b = 2";
    names_like_those_of_a_rebuild("t")
        "create table strait_old_t (id integer primary key, x text);
         create table t (id integer primary key, {note}b int{column}{end}); create view STRAIT_old_2_t as select x from strait_old_t",
        "insert into t (id, note, b) values (1, 'a', 1); insert into strait_old_t values (1, 'mine')",
        "update t set b = 2";
}
