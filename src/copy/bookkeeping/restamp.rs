//! What sets a history right that is bound to one engine: the exact words, for each tool.

/// The words for one tool, a line for each step. `{table}` is the target's table, quoted; `{last}` the latest revision.
///
/// Sources, each the tool's own documentation: refinery `Runner::set_target`; sqlx `migrate info`; Drizzle
/// `pg-core/dialect.ts` (it compares `created_at` alone); TypeORM `migration:run --fake`; Flyway `repair`; golang-migrate
/// `force`; goose `internal/dialects/postgres.go`; Prisma `migrate resolve`; Atlas `migrate set`; Diesel
/// `setup_migration_table.sql`; Liquibase `changelog-sync`, `clear-checksums`; Sqitch `deploy --log-only`; yoyo `mark`;
/// EF Core "Applying Migrations".
pub(super) fn steps(tool: &str) -> &'static [&'static str] {
    match tool {
        "refinery" => &[
            "truncate {table};",
            "then run the application once with the PostgreSQL migrations and `runner.set_target(Target::Fake)`: it writes \
             their names and checksums and runs none",
        ],
        "sqlx" => &[
            "for each PostgreSQL migration: update {table} set checksum = decode('SHA', 'hex') where version = VERSION; with \
             SHA from `sha384sum migrations/VERSION_*.sql`",
            "sqlx migrate info --database-url URL   # every line must say installed",
        ],
        "Drizzle" => &[
            "create schema if not exists drizzle;",
            "create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);",
            "insert into drizzle.__drizzle_migrations (hash, created_at) values ('by hand', WHEN); with the last `when` of the \
             PostgreSQL folder's meta/_journal.json",
            "drop table {table};",
        ],
        "TypeORM" => &["truncate {table};", "npx typeorm migration:run --fake -d DATA_SOURCE   # of PostgreSQL"],
        "Flyway" => &[
            "flyway -url=jdbc:postgresql://HOST/DATABASE -locations=filesystem:POSTGRESQL_FOLDER repair   # sets the checksums",
        ],
        "golang-migrate" => &["migrate -path POSTGRESQL_FOLDER -database URL force {last}"],
        "goose" => &[
            "alter table {table} alter column is_applied type boolean using is_applied::int::boolean;   # unless it is one",
            "goose -dir POSTGRESQL_FOLDER postgres URL status   # every line must have a time",
        ],
        "Rails or dbmate" => &["if it is dbmate's, the PostgreSQL folder must hold migrations of the same versions"],
        "Supabase" => &["supabase migration repair --status applied VERSION   # for each local migration"],
        "Prisma" => &[
            "drop table {table};",
            "set provider = \"postgresql\" in schema.prisma and in prisma/migrations/migration_lock.toml, and make a first \
             migration of the whole schema: npx prisma migrate diff --from-empty --to-schema-datamodel \
             prisma/schema.prisma --script > prisma/migrations/0_init/migration.sql",
            "npx prisma migrate resolve --applied 0_init",
        ],
        "Atlas" => &["atlas migrate set {last} --url URL --dir file://POSTGRESQL_FOLDER", "drop table {table};"],
        "Diesel" => &[
            "keep the versions of the PostgreSQL folder's migrations in {table}, one row each; then: diesel migration list",
        ],
        "Liquibase" => &[
            "liquibase --url=jdbc:postgresql://HOST/DATABASE release-locks",
            "drop table {table};",
            "liquibase --url=jdbc:postgresql://HOST/DATABASE changelog-sync",
        ],
        "Sqitch" => {
            &["sqitch deploy --log-only db:pg:DATABASE   # it makes its own schema, sqitch", "drop table {table};"]
        }
        "yoyo" => &["yoyo mark --all --database URL POSTGRESQL_FOLDER"],
        "EF Core" => &[
            "truncate {table};",
            "insert into {table} values ('MIGRATION', 'PRODUCT_VERSION') for each migration that the PostgreSQL provider made",
        ],
        "wrangler" | "sqlite-migrate" => &["the tool does not run on PostgreSQL: the rows are kept as a record"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::histories::SHAPES;

    #[test]
    fn every_history_that_is_bound_to_an_engine_has_its_steps() {
        for shape in SHAPES.iter().filter(|shape| !shape.portable) {
            assert!(!steps(shape.tool).is_empty(), "{}", shape.tool);
        }
    }
}
