//! Tables of history as their tools make them, with the rows of two revisions of three.

use crate::support::migrate::{Revisions, change};
use crate::support::place::Place;

/// The three files, numbered by hand or by the clock.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers {
    Small,
    Clock,
}

impl Numbers {
    /// The ids of the three revisions.
    pub(super) fn ids(self) -> [&'static str; 3] {
        match self {
            Self::Small => ["V0001__initial", "V0002__add_email", "V0003__orders"],
            Self::Clock => ["V20230101000000__initial", "V20230102000000__add_email", "V20230103000000__orders"],
        }
    }

    /// A folder of the three.
    pub(super) fn folder(self) -> Revisions {
        let scripts =
            ["create table users (id int);", "alter table users add email text;", "create table orders (id int);"];
        Revisions::of(self.ids().into_iter().map(|id| format!("{id}.sql")).zip(scripts))
    }
}

/// A tool's table on each engine, and what the tool writes into it; no table where the tool does not know the engine.
pub(super) struct Tool {
    pub(super) name: &'static str,
    /// The table as people know it, on SQLite and on PostgreSQL.
    pub(super) tables: [&'static str; 2],
    pub(super) numbers: Numbers,
    sqlite: &'static str,
    postgres: &'static str,
    rows: &'static str,
}

impl Tool {
    /// The table's name on an engine, where the tool knows it.
    pub(super) fn table(&self, place: &Place) -> Option<&'static str> {
        Some(self.tables[usize::from(place.is_postgres())]).filter(|table| !table.is_empty())
    }

    /// Makes the table with its rows, and what the two revisions made.
    pub(super) fn has_worked_on(&self, place: &Place) {
        let definition = if place.is_postgres() { self.postgres } else { self.sqlite };
        let table = self.table(place).expect("the tool knows the engine");
        let rows = self.rows.replace("{table}", table).replace("{now}", "'2026-11-20 10:00:00'");
        change(place, &format!("create table users (id int, email text); {definition}; {rows}"));
    }
}

/// Source: the tools themselves, where one could be run; else their source code.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "peewee",
        tables: ["migratehistory"; 2],
        numbers: Numbers::Small,
        sqlite: r#"create table "migratehistory" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL,
                "migrated_at" DATETIME NOT NULL)"#,
        postgres: "create table migratehistory (id serial primary key, name varchar(255) not null, migrated_at timestamp \
                   not null)",
        rows: "insert into {table} (name, migrated_at) values ('001_initial', {now}), ('002_add_email', {now})",
    },
    Tool {
        name: "sqlx",
        tables: ["_sqlx_migrations"; 2],
        numbers: Numbers::Small,
        sqlite: "create table _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on \
                 TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
                 execution_time BIGINT NOT NULL)",
        postgres: "create table _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on \
                   TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
                   execution_time BIGINT NOT NULL)",
        rows: "insert into {table} (version, description, success, checksum, execution_time) values (1, 'initial', true, \
               'of another file', 1), (2, 'add email', true, 'of another file', 1)",
    },
    Tool {
        name: "Laravel",
        tables: ["migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: "create table migrations (id integer primary key autoincrement not null, migration varchar not null, batch \
                 integer not null)",
        postgres: "create table migrations (id serial primary key, migration varchar(255) not null, batch integer not null)",
        rows: "insert into {table} (migration, batch) values ('2023_01_01_000000_initial', 1), \
               ('2023_01_02_000000_add_email', 2)",
    },
    Tool {
        name: "TypeORM",
        tables: ["migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: r#"create table migrations ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL,
                "name" varchar NOT NULL)"#,
        postgres: r#"create table migrations ("id" SERIAL NOT NULL, "timestamp" bigint NOT NULL, "name" character varying
                  NOT NULL, CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY ("id"))"#,
        rows: r#"insert into {table} ("timestamp", "name") values (20230101000000, 'Initial20230101000000'),
              (20230102000000, 'AddEmail20230102000000')"#,
    },
    Tool {
        name: "Flyway",
        tables: ["flyway_schema_history"; 2],
        numbers: Numbers::Small,
        sqlite: r#"create table "flyway_schema_history" ("installed_rank" INT NOT NULL PRIMARY KEY, "version" VARCHAR(50),
                "description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL, "script" VARCHAR(1000) NOT NULL,
                "checksum" INT, "installed_by" VARCHAR(100) NOT NULL, "installed_on" TEXT NOT NULL DEFAULT
                (strftime('%Y-%m-%d %H:%M:%f','now')), "execution_time" INT NOT NULL, "success" BOOLEAN NOT NULL)"#,
        postgres: r#"create table "flyway_schema_history" ("installed_rank" INT NOT NULL, "version" VARCHAR(50),
                  "description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL, "script" VARCHAR(1000) NOT NULL,
                  "checksum" INT, "installed_by" VARCHAR(100) NOT NULL, "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
                  "execution_time" INT NOT NULL, "success" BOOLEAN NOT NULL, constraint flyway_schema_history_pk primary
                  key ("installed_rank"))"#,
        // The third was taken back; views are made anew whenever they change.
        rows: "insert into {table} (installed_rank, version, description, type, script, checksum, installed_by, \
               execution_time, success) values (1, '1', 'initial', 'SQL', 'V1__initial.sql', -7, '', 3, true), (2, '2', \
               'add email', 'SQL', 'V2__add_email.sql', 8, '', 3, true), (3, null, 'views', 'SQL', 'R__views.sql', 9, '', 3, \
               true), (4, '3', 'orders', 'SQL', 'V3__orders.sql', 8, '', 3, true), (5, '3', 'orders', 'UNDO_SQL', \
               'U3__orders.sql', 8, '', 3, true)",
    },
    Tool {
        name: "golang-migrate",
        tables: ["schema_migrations"; 2],
        numbers: Numbers::Small,
        sqlite: "create table schema_migrations (version uint64, dirty bool); create unique index version_unique on \
                 schema_migrations (version)",
        postgres: "create table schema_migrations (version bigint not null primary key, dirty boolean not null)",
        rows: "insert into {table} values (2, false)",
    },
    Tool {
        name: "goose",
        tables: ["goose_db_version"; 2],
        numbers: Numbers::Small,
        sqlite: "create table goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, \
                 is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))",
        postgres: "create table goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id \
                   bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now())",
        // The third was taken back, and the second twice applied.
        rows: "insert into {table} (version_id, is_applied) values (0, true), (1, true), (2, true), (3, true), (3, false), \
               (2, false), (2, true)",
    },
    Tool {
        name: "Rails or dbmate",
        tables: ["schema_migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: "create table schema_migrations (version varchar(128) primary key)",
        postgres: "create table schema_migrations (version varchar primary key)",
        rows: "insert into {table} values ('20230102000000'), ('20230101000000')",
    },
    Tool {
        name: "Ecto",
        tables: ["schema_migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: "create table schema_migrations (version INTEGER PRIMARY KEY, inserted_at TEXT)",
        postgres: "create table schema_migrations (version bigint not null primary key, inserted_at timestamp(0))",
        rows: "insert into {table} values (20230101000000, {now}), (20230102000000, {now})",
    },
    Tool {
        name: "Prisma",
        tables: ["_prisma_migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: r#"create table "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL,
                "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at"
                DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)"#,
        postgres: r#"create table "_prisma_migrations" ("id" VARCHAR(36) PRIMARY KEY, "checksum" VARCHAR(64) NOT NULL,
                  "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at"
                  TIMESTAMPTZ, "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL
                  DEFAULT 0)"#,
        // The second failed at first, was marked as rolled back, and run again.
        rows: "insert into {table} (id, checksum, finished_at, migration_name, rolled_back_at) values ('a', 'x', {now}, \
               '20230101000000_initial', null), ('b', 'y', null, '20230102000000_add_email', {now}), ('c', 'y', {now}, \
               '20230102000000_add_email', null)",
    },
    Tool {
        name: "Supabase",
        tables: ["", "supabase_migrations.schema_migrations"],
        numbers: Numbers::Clock,
        sqlite: "",
        postgres: "create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text not \
                   null primary key, statements text[], name text, created_by text)",
        rows: "insert into {table} values ('20230101000000', '{}', 'initial'), ('20230102000000', null, 'add_email')",
    },
    Tool {
        name: "Atlas",
        tables: ["atlas_schema_revisions", "atlas_schema_revisions.atlas_schema_revisions"],
        numbers: Numbers::Clock,
        sqlite: "create table atlas_schema_revisions (version text not null primary key, description text not null, type \
                 integer not null default 2, applied integer not null default 0, total integer not null default 0, \
                 executed_at datetime not null, execution_time integer not null, error text, error_stmt text, hash text not \
                 null, partial_hashes json, operator_version text not null)",
        postgres: "create schema atlas_schema_revisions; create table atlas_schema_revisions.atlas_schema_revisions (version \
                   varchar not null primary key, description varchar not null, type bigint not null default 2, applied \
                   bigint not null default 0, total bigint not null default 0, executed_at timestamptz not null, \
                   execution_time bigint not null, error text, error_stmt text, hash varchar not null, partial_hashes \
                   jsonb, operator_version varchar not null)",
        rows: "insert into {table} (version, description, applied, total, executed_at, execution_time, hash, \
               operator_version) values ('.atlas_cloud_identifier', 'x', 0, 0, {now}, 0, 'x', 'x'), ('20230101000000', \
               'initial', 1, 1, {now}, 5, 'h', 'v'), ('20230102000000', 'add_email', 2, 2, {now}, 5, 'h', 'v')",
    },
    Tool {
        name: "knex",
        tables: ["knex_migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: "create table knex_migrations (id integer not null primary key autoincrement, name varchar(255), batch \
                 integer, migration_time datetime); create table knex_migrations_lock (\"index\" integer not null primary \
                 key, is_locked integer)",
        postgres: "create table knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time \
                   timestamptz); create table knex_migrations_lock (index serial primary key, is_locked integer)",
        rows: "insert into {table} (name, batch) values ('20230101000000_initial.js', 1), \
               ('20230102000000_add_email.ts', 1)",
    },
    Tool {
        name: "Diesel",
        tables: ["__diesel_schema_migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: "create table __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT \
                 NULL DEFAULT CURRENT_TIMESTAMP)",
        postgres: "create table __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT \
                   NULL DEFAULT CURRENT_TIMESTAMP)",
        rows: "insert into {table} (version) values ('00000000000000'), ('20230101000000'), ('20230102000000')",
    },
    Tool {
        name: "SeaORM",
        tables: ["seaql_migrations"; 2],
        numbers: Numbers::Clock,
        sqlite: "create table seaql_migrations (version varchar not null primary key, applied_at bigint not null)",
        postgres: "create table seaql_migrations (version varchar not null primary key, applied_at bigint not null)",
        rows: "insert into {table} values ('m20230101_000000_initial', 1700000000), ('m20230102_000000_add_email', \
               1700000000)",
    },
    Tool {
        name: "wrangler",
        tables: ["d1_migrations", ""],
        numbers: Numbers::Small,
        sqlite: "create table d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP \
                 DEFAULT CURRENT_TIMESTAMP NOT NULL)",
        postgres: "",
        rows: "insert into {table} (name) values ('0001_initial.sql'), ('0002_add_email.sql')",
    },
    Tool {
        name: "Sequelize",
        tables: ["SequelizeMeta", "\"SequelizeMeta\""],
        numbers: Numbers::Clock,
        sqlite: "create table SequelizeMeta (name VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY)",
        postgres: "create table \"SequelizeMeta\" (name varchar(255) not null unique primary key)",
        rows: "insert into {table} values ('20230101000000-initial.js'), ('20230102000000-add-email.js')",
    },
    Tool {
        name: "Liquibase",
        tables: ["DATABASECHANGELOG", "databasechangelog"],
        numbers: Numbers::Small,
        sqlite: "create table DATABASECHANGELOG (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME \
                 VARCHAR(255) NOT NULL, DATEEXECUTED TEXT NOT NULL, ORDEREXECUTED INT NOT NULL, EXECTYPE VARCHAR(10) NOT \
                 NULL, MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE \
                 VARCHAR(20), CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10))",
        postgres: "create table databasechangelog (id VARCHAR(255) NOT NULL, author VARCHAR(255) NOT NULL, filename \
                   VARCHAR(255) NOT NULL, dateexecuted TIMESTAMP NOT NULL, orderexecuted INT NOT NULL, exectype VARCHAR(10) \
                   NOT NULL, md5sum VARCHAR(35), description VARCHAR(255), comments VARCHAR(255), tag VARCHAR(255), \
                   liquibase VARCHAR(20), contexts VARCHAR(255), labels VARCHAR(255), deployment_id VARCHAR(10))",
        rows: "insert into {table} (id, author, filename, dateexecuted, orderexecuted, exectype) values ('1', 'me', \
               'changelog.xml', {now}, 1, 'EXECUTED'), ('2', 'me', 'changelog.xml', {now}, 2, 'MARK_RAN')",
    },
    Tool {
        name: "Sqitch",
        tables: ["", "sqitch.changes"],
        numbers: Numbers::Small,
        sqlite: "",
        postgres: "create schema sqitch; create table sqitch.changes (change_id TEXT PRIMARY KEY, script_hash TEXT NULL \
                   UNIQUE, change TEXT NOT NULL, project TEXT NOT NULL, note TEXT NOT NULL DEFAULT '', committed_at \
                   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(), committer_name TEXT NOT NULL, committer_email TEXT NOT \
                   NULL, planned_at TIMESTAMPTZ NOT NULL, planner_name TEXT NOT NULL, planner_email TEXT NOT NULL)",
        rows: "insert into {table} (change_id, change, project, committer_name, committer_email, planned_at, planner_name, \
               planner_email) values ('a', 'initial', 'shop', '', '', {now}, '', ''), ('b', 'add_email', 'shop', '', '', \
               {now}, '', ''), ('c', 'roles', 'base', '', '', {now}, '', '')",
    },
    Tool {
        name: "yoyo",
        tables: ["_yoyo_migration"; 2],
        numbers: Numbers::Small,
        sqlite: r#"create table "_yoyo_migration" ("migration_hash" VARCHAR(64), "migration_id" VARCHAR(255),
                "applied_at_utc" TIMESTAMP, PRIMARY KEY ("migration_hash"))"#,
        postgres: "create table _yoyo_migration (migration_hash VARCHAR(64) primary key, migration_id VARCHAR(255), \
                   applied_at_utc TIMESTAMP)",
        rows: "insert into {table} values ('f', '0001_initial', {now}), ('a', '0002_add-email', {now})",
    },
    Tool {
        name: "sqlite-migrate",
        tables: ["_sqlite_migrations", ""],
        numbers: Numbers::Small,
        sqlite: r#"create table "_sqlite_migrations" ("id" INTEGER PRIMARY KEY, "migration_set" TEXT, "name" TEXT,
                "applied_at" TEXT)"#,
        postgres: "",
        rows: "insert into {table} (migration_set, name) values ('shop', 'initial'), ('logs', 'create_logs'), ('shop', \
               'add_email')",
    },
    Tool {
        name: "EF Core",
        tables: ["__EFMigrationsHistory", "\"__EFMigrationsHistory\""],
        numbers: Numbers::Clock,
        sqlite: r#"create table "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory"
                PRIMARY KEY, "ProductVersion" TEXT NOT NULL)"#,
        postgres: r#"create table "__EFMigrationsHistory" ("MigrationId" character varying(150) NOT NULL, "ProductVersion"
                  character varying(32) NOT NULL, CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId"))"#,
        rows: "insert into {table} values ('20230101000000_Initial', '9.0.0'), ('20230102000000_AddEmail', '9.0.0')",
    },
];
