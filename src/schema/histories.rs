//! Tables in which other migration tools keep their history: recognised by their columns, and by their name as well where
//! the columns are common words.

/// What a tool's table of history looks like and how it is read.
#[derive(Debug, PartialEq, Eq)]
pub struct HistoryShape {
    /// The tool's name.
    pub tool: &'static str,
    /// The table's usual name.
    pub table: &'static str,
    /// The schema that the tool makes for it on PostgreSQL; none where it stands beside the application's tables.
    pub schema: Option<&'static str>,
    /// The columns that it always has.
    pub columns: &'static [&'static str],
    /// The columns that some versions of the tool have as well.
    pub more: &'static [&'static str],
    /// Whether the columns alone are like those of no other table.
    pub telling: bool,
    /// Whether its scripts are written for no engine, so that the history stays true in another one.
    pub portable: bool,
    /// What a row says.
    pub row: RowShape,
}

/// How a row of a tool's history is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowShape {
    /// The column that identifies a revision.
    pub id: &'static str,
    /// The column that names it in words, where that is another.
    pub name: Option<&'static str>,
    /// The column that says whose revision it is, where one table serves many applications.
    pub group: Option<&'static str>,
    /// The row that the tool writes for itself; no script stands for it.
    pub own: Option<&'static str>,
    /// The column of its checksum.
    pub checksum: Option<&'static str>,
    /// The condition of a row that was applied and not taken back; all when absent. Both engines take it as it is, with the
    /// table's name for `{table}`.
    pub applied: Option<&'static str>,
    /// The condition of a row that tells of a run that did not end well.
    pub broken: Option<&'static str>,
    /// Whether a row stands for itself and everything before it.
    pub heads_only: bool,
}

/// A row that is known by one column alone.
const fn by(id: &'static str) -> RowShape {
    RowShape { id, name: None, group: None, own: None, checksum: None, applied: None, broken: None, heads_only: false }
}

const fn shape(
    tool: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
    portable: bool,
    row: RowShape,
) -> HistoryShape {
    HistoryShape { tool, table, schema: None, columns, more: &[], telling: columns.len() > 3, portable, row }
}

/// The tools that are known.
///
/// Sources, each the tool's own repository: Alembic `ddl/impl.py`; peewee-migrate `models.py`; refinery
/// `traits/mod.rs`; sqlx `sqlx-{sqlite,postgres}/src/migrate.rs`; Drizzle `{sqlite,pg}-core/dialect.ts`; Laravel
/// `DatabaseMigrationRepository.php`; TypeORM `MigrationExecutor.ts`; Flyway `{SQLite,PostgreSQL}Database.java`;
/// golang-migrate `{sqlite3,postgres}.go`; goose `internal/dialects`; dbmate `{sqlite,postgres}.go`; Django
/// `recorder.py`; Prisma `schema-engine`; Rails `schema_migration.rb`; knex `table-creator.js`; Diesel
/// `setup_migration_table.sql`; Supabase `history.go`; Atlas `ent/schema`; SeaORM `seaql_migrations.rs`; wrangler
/// `d1/migrations`; Sequelize `umzug`; Ecto `schema_migration.ex`; Liquibase `CreateDatabaseChangeLogTableGenerator.java`;
/// Sqitch `Engine/{sqlite,pg}.sql`; yoyo `migrations.py`; EF Core `HistoryRepository.cs`.
pub const SHAPES: &[HistoryShape] = &[
    HistoryShape {
        telling: true,
        ..shape(
            "Alembic",
            "alembic_version",
            &["version_num"],
            true,
            RowShape { heads_only: true, ..by("version_num") },
        )
    },
    HistoryShape {
        telling: true,
        ..shape("peewee", "migratehistory", &["id", "name", "migrated_at"], true, by("name"))
    },
    shape(
        "refinery",
        "refinery_schema_history",
        &["version", "name", "applied_on", "checksum"],
        false,
        RowShape { name: Some("name"), checksum: Some("checksum"), ..by("version") },
    ),
    shape(
        "sqlx",
        "_sqlx_migrations",
        &["version", "description", "installed_on", "success", "checksum", "execution_time"],
        false,
        RowShape { name: Some("description"), broken: Some("not success"), ..by("version") },
    ),
    HistoryShape {
        telling: false,
        ..shape(
            "Django",
            "django_migrations",
            &["id", "app", "name", "applied"],
            true,
            RowShape { group: Some("app"), ..by("name") },
        )
    },
    shape("Laravel", "migrations", &["id", "migration", "batch"], true, by("migration")),
    shape(
        "TypeORM",
        "migrations",
        &["id", "timestamp", "name"],
        false,
        // The name ends with the timestamp once more.
        RowShape { name: Some("name"), ..by("timestamp") },
    ),
    HistoryShape {
        schema: Some("drizzle"),
        ..shape("Drizzle", "__drizzle_migrations", &["id", "hash", "created_at"], false, by("created_at"))
    },
    shape(
        "Flyway",
        "flyway_schema_history",
        &[
            "installed_rank",
            "version",
            "description",
            "type",
            "script",
            "checksum",
            "installed_by",
            "installed_on",
            "execution_time",
            "success",
        ],
        false,
        RowShape {
            name: Some("description"),
            // A version that was taken back, or whose file was given up, has a later row that says so.
            applied: Some(
                "version is not null and type not like 'UNDO%' and type <> 'DELETE' and installed_rank in \
                 (select max(installed_rank) from {table} where success group by version)",
            ),
            broken: Some("not success"),
            ..by("version")
        },
    ),
    shape(
        "golang-migrate",
        "schema_migrations",
        &["version", "dirty"],
        false,
        RowShape { heads_only: true, broken: Some("cast(dirty as varchar(5)) in ('1', 'true')"), ..by("version") },
    ),
    shape(
        "goose",
        "goose_db_version",
        &["id", "version_id", "is_applied", "tstamp"],
        false,
        RowShape {
            // A version that was taken back has a later row that says so.
            applied: Some(
                "version_id <> 0 and cast(is_applied as varchar(5)) in ('1', 'true') and id in \
                 (select max(id) from {table} group by version_id)",
            ),
            ..by("version_id")
        },
    ),
    // Rails writes for no engine, dbmate for one; their tables are the same.
    shape("Rails or dbmate", "schema_migrations", &["version"], true, by("version")),
    shape("Ecto", "schema_migrations", &["version", "inserted_at"], true, by("version")),
    shape(
        "Prisma",
        "_prisma_migrations",
        &[
            "id",
            "checksum",
            "finished_at",
            "migration_name",
            "logs",
            "rolled_back_at",
            "started_at",
            "applied_steps_count",
        ],
        false,
        RowShape {
            applied: Some("rolled_back_at is null"),
            broken: Some("finished_at is null and rolled_back_at is null"),
            ..by("migration_name")
        },
    ),
    HistoryShape {
        schema: Some("supabase_migrations"),
        more: &["created_by", "idempotency_key", "rollback"],
        ..shape(
            "Supabase",
            "schema_migrations",
            &["version", "statements", "name"],
            false,
            RowShape { name: Some("name"), ..by("version") },
        )
    },
    ATLAS,
    shape("knex", "knex_migrations", &["id", "name", "batch", "migration_time"], true, by("name")),
    shape(
        "Diesel",
        "__diesel_schema_migrations",
        &["version", "run_on"],
        false,
        RowShape { own: Some("00000000000000"), ..by("version") },
    ),
    shape("SeaORM", "seaql_migrations", &["version", "applied_at"], true, by("version")),
    shape("wrangler", "d1_migrations", &["id", "name", "applied_at"], false, by("name")),
    shape("Sequelize", "SequelizeMeta", &["name"], true, by("name")),
    LIQUIBASE,
    SQITCH,
    shape("yoyo", "_yoyo_migration", &["migration_hash", "migration_id", "applied_at_utc"], false, by("migration_id")),
    shape(
        "sqlite-migrate",
        "_sqlite_migrations",
        &["id", "migration_set", "name", "applied_at"],
        false,
        RowShape { group: Some("migration_set"), ..by("name") },
    ),
    shape("EF Core", "__EFMigrationsHistory", &["MigrationId", "ProductVersion"], false, by("MigrationId")),
];

const ATLAS: HistoryShape = HistoryShape {
    schema: Some("atlas_schema_revisions"),
    ..shape(
        "Atlas",
        "atlas_schema_revisions",
        &[
            "version",
            "description",
            "type",
            "applied",
            "total",
            "executed_at",
            "execution_time",
            "error",
            "error_stmt",
            "hash",
            "partial_hashes",
            "operator_version",
        ],
        false,
        RowShape {
            name: Some("description"),
            // It keeps notes of its own in rows whose version begins with a full stop.
            applied: Some("version not like '.%'"),
            broken: Some("applied < total"),
            ..by("version")
        },
    )
};

const LIQUIBASE: HistoryShape = shape(
    "Liquibase",
    "databasechangelog",
    &[
        "id",
        "author",
        "filename",
        "dateexecuted",
        "orderexecuted",
        "exectype",
        "md5sum",
        "description",
        "comments",
        "tag",
        "liquibase",
        "contexts",
        "labels",
        "deployment_id",
    ],
    false,
    // An id is unique in its file alone.
    RowShape { group: Some("filename"), applied: Some("exectype <> 'FAILED'"), ..by("id") },
);

const SQITCH: HistoryShape = HistoryShape {
    schema: Some("sqitch"),
    ..shape(
        "Sqitch",
        "changes",
        &[
            "change_id",
            "script_hash",
            "change",
            "project",
            "note",
            "committed_at",
            "committer_name",
            "committer_email",
            "planned_at",
            "planner_name",
            "planner_email",
        ],
        false,
        RowShape { group: Some("project"), ..by("change") },
    )
};

/// Recognises a table of history by its columns, in any order and case; and by its name where the columns alone would not
/// tell it from a table of the user's own.
pub fn recognise(table: &str, columns: &[&str]) -> Option<&'static HistoryShape> {
    let has = |name: &&str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    let is_one_of = |known: &[&str], column: &str| known.iter().any(|known| known.eq_ignore_ascii_case(column));
    let same_columns = |shape: &&HistoryShape| {
        let known = |column: &&str| is_one_of(shape.columns, column) || is_one_of(shape.more, column);
        shape.columns.iter().all(has) && columns.iter().all(known)
    };
    let same_name = |shape: &&HistoryShape| shape.table.eq_ignore_ascii_case(table);
    let mut alike = SHAPES.iter().filter(same_columns);
    alike.clone().find(same_name).or_else(|| alike.find(|shape| shape.telling))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(table: &str, columns: &[&str]) -> Option<&'static str> {
        recognise(table, columns).map(|shape| shape.tool)
    }

    #[test]
    fn a_history_is_known_by_its_columns() {
        assert_eq!(tool("migratehistory", &["id", "name", "migrated_at"]), Some("peewee"));
        assert_eq!(tool("my_alembic_version", &["version_num"]), Some("Alembic"));
        assert_eq!(tool("alembic_version", &["version_num", "more"]), None);
        assert_eq!(tool("REFINERY_SCHEMA_HISTORY", &["checksum", "applied_on", "name", "version"]), Some("refinery"));
    }

    #[test]
    fn one_name_that_many_tools_use_is_told_apart_by_its_columns() {
        assert_eq!(tool("schema_migrations", &["version"]), Some("Rails or dbmate"));
        assert_eq!(tool("schema_migrations", &["version", "dirty"]), Some("golang-migrate"));
        assert_eq!(tool("migrations", &["id", "migration", "batch"]), Some("Laravel"));
        assert_eq!(tool("migrations", &["id", "timestamp", "name"]), Some("TypeORM"));
    }

    #[test]
    fn a_table_of_common_words_is_a_history_only_under_its_usual_name() {
        assert_eq!(tool("SequelizeMeta", &["name"]), Some("Sequelize"));
        assert_eq!(tool("tags", &["name"]), None);
        assert_eq!(tool("events", &["id", "name", "applied_at"]), None);
        assert_eq!(tool("events", &["id", "timestamp", "name"]), None);
        assert_eq!(tool("installations", &["id", "app", "name", "applied"]), None);
    }

    #[test]
    fn columns_that_a_later_version_has_do_not_hide_a_history() {
        let columns = ["version", "statements", "name", "created_by", "idempotency_key"];
        assert_eq!(tool("schema_migrations", &columns), Some("Supabase"));
        assert_eq!(tool("schema_migrations", &["version", "inserted_at"]), Some("Ecto"));
        assert_eq!(tool("schema_migrations", &["version", "of_ours"]), None);
    }

    #[test]
    fn every_column_that_is_read_is_one_of_the_table_s() {
        for shape in SHAPES {
            let read = [Some(shape.row.id), shape.row.name, shape.row.group, shape.row.checksum];
            for column in read.into_iter().flatten() {
                assert!(shape.columns.contains(&column), "{}: {column}", shape.tool);
            }
        }
    }
}
