//! A schema of its own beside the one in use: what stands for the home while scripts are tried.

use std::borrow::Cow;
use std::collections::HashSet;

use super::reach::{self, words_of};
use super::replay::ReplayError;
use crate::database::{Database, DatabaseError};
use crate::schema::language::words::first_words;
use crate::schema::names::quoted;

/// What PostgreSQL says to one who may not, and of a database that only reads.
///
/// Source: PostgreSQL manual, "PostgreSQL Error Codes".
const NOT_ALLOWED: [&str; 2] = ["42501", "25006"];

/// The schemas in which extensions have put their things, but our own and the system's.
const EXTENSIONS: &str = "select distinct quote_ident(n.nspname) from pg_catalog.pg_extension e \
                          join pg_catalog.pg_namespace n on n.oid = e.extnamespace where n.nspname not like 'pg\\_%' order by 1";

/// What everybody may do in the schema that every database is born with. Source: PostgreSQL manual, "Schemas and Privileges".
const RIGHTS_IN_PUBLIC: &str = "select case when current_setting('server_version_num')::int >= 150000 then 'usage' \
                                else 'usage, create' end";

/// A schema in which scripts are tried.
pub(super) struct Beside {
    /// Its name, which needs no quotes.
    pub(super) schema: String,
    /// What it stands for.
    home: String,
    /// Where extensions are looked for, too; nowhere at the first attempt.
    extensions: Vec<String>,
    /// The words of all statements so far: what a function does is known by the text that made it.
    words: HashSet<String>,
}

impl Beside {
    /// Makes a schema that no other session makes at the same time.
    pub(super) async fn make(database: &mut Database, with_extensions: bool) -> Result<Self, ReplayError> {
        let home = database.home().await?;
        let around = database.surroundings().await?;
        let sql = "select 'strait_scratch_' || pg_catalog.pg_backend_pid()";
        let rows = database.query("ask for the session's number", sql, &[]).await?;
        let schema = rows.into_iter().flatten().flatten().next().unwrap_or_else(|| "strait_scratch".into());
        let what = "make a schema to try the revisions in";
        database.run_script(what, &format!("create schema {schema}")).await.map_err(not_allowed)?;
        if home == "public" {
            let rights = database.query("ask for the version", RIGHTS_IN_PUBLIC, &[]).await?;
            let rights = rights.into_iter().flatten().flatten().next().unwrap_or_default();
            database.run_script(what, &format!("grant {rights} on schema {schema} to public")).await?;
        }
        database.surround(&around, &schema).await?;
        let extensions = if with_extensions { extension_schemas(database).await? } else { Vec::new() };
        Ok(Self { schema, home, extensions, words: HashSet::new() })
    }

    /// Makes unqualified names mean this schema, until the settings are forgotten.
    pub(super) async fn stand_in(&self, database: &mut Database) -> Result<(), DatabaseError> {
        look_into(database, &self.schema).await
    }

    /// Makes ready for a statement, and gives its words for this place.
    ///
    /// Extensions are looked for where they are only if nothing else there has a name that stood in a script and that this schema
    /// has not: then what the statement names is found here, or is an extension's.
    pub(super) async fn ready<'t>(
        &mut self,
        database: &mut Database,
        statement: &'t str,
    ) -> Result<Cow<'t, str>, DatabaseError> {
        self.find_extensions(database, statement).await?;
        match after_create_extension(statement) {
            // That of a database in use is there once for all schemas.
            Some(rest) => Ok(format!("create extension if not exists {rest}").into()),
            None => Ok(reach::in_its_stead(statement, &self.home, &self.schema)),
        }
    }

    /// Lets a statement find what extensions have brought, where it could reach nothing else with that.
    pub(super) async fn find_extensions(
        &mut self,
        database: &mut Database,
        statement: &str,
    ) -> Result<(), DatabaseError> {
        if self.extensions.is_empty() {
            return Ok(());
        }
        let text = statement.to_lowercase();
        self.words.extend(words_of(&text).map(str::to_owned));
        let path = match self.could_reach(database, &made(statement)).await? {
            true => self.schema.clone(),
            false => format!("{}, {}", self.schema, self.extensions.join(", ")),
        };
        look_into(database, &path).await
    }

    /// Looks for extensions in the home alone: what stands without a schema in a file is found there on an empty database, too.
    pub(super) fn at_home(mut self) -> Self {
        let home = [self.home.clone(), quoted(&self.home)];
        self.extensions.retain(|schema| home.contains(schema));
        self
    }

    /// The words of all statements so far.
    pub(super) fn words(&self) -> HashSet<String> {
        self.words.clone()
    }

    /// Forgets the words of statements that were taken back.
    pub(super) fn forget(&mut self, words: HashSet<String>) {
        self.words = words;
    }

    async fn could_reach(&self, database: &mut Database, made: &HashSet<String>) -> Result<bool, DatabaseError> {
        let schemas = format!("{{{}}}", self.extensions.join(","));
        let parameters = [Some(schemas.as_str()), Some(self.schema.as_str())];
        let rows = database.query("list what is there besides", include_str!("beside.sql"), &parameters).await?;
        let is_said = |name: &String| {
            let name = name.to_lowercase();
            !made.contains(&name) && words_of(&name).all(|word| self.words.contains(word))
        };
        Ok(rows.into_iter().flatten().flatten().any(|name| is_said(&name)))
    }
}

/// Whether what was missing may be an extension's.
pub(super) async fn may_be_an_extension_s(database: &mut Database, error: &ReplayError) -> Result<bool, DatabaseError> {
    let ReplayError::Statement { error, .. } = error else { return Ok(false) };
    Ok(error.may_miss_an_extension() && !extension_schemas(database).await?.is_empty())
}

async fn extension_schemas(database: &mut Database) -> Result<Vec<String>, DatabaseError> {
    let rows = database.query("ask where extensions are", EXTENSIONS, &[]).await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

async fn look_into(database: &mut Database, path: &str) -> Result<(), DatabaseError> {
    let sql = format!("set local search_path = {path}");
    database.run_script("look into the schema in which revisions are tried", &sql).await.map(drop)
}

fn not_allowed(error: DatabaseError) -> ReplayError {
    match error {
        DatabaseError::Statement { location, source, .. }
            if source.code.as_deref().is_some_and(|code| NOT_ALLOWED.contains(&code)) =>
        {
            ReplayError::NoSchema { database: location, source }
        }
        error => error.into(),
    }
}

/// What follows `create extension`, where a statement begins so and does not ask whether it is there.
fn after_create_extension(statement: &str) -> Option<&str> {
    let after = |text: &'_ str, word: &str| {
        let found = text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        found.then_some(word.len())
    };
    let rest = statement.trim_start();
    let rest = rest[after(rest, "create")?..].trim_start();
    let rest = &rest[after(rest, "extension")?..];
    let asks = first_words(rest, 1).first().is_some_and(|word| word == "if");
    (!asks && rest.starts_with(char::is_whitespace)).then(|| rest.trim_start())
}

/// The words at the beginning of a statement that makes something, with the name of what it makes: that is made here.
fn made(statement: &str) -> HashSet<String> {
    const BEFORE_THE_NAME: [&str; 24] = [
        "create",
        "or",
        "replace",
        "unlogged",
        "temporary",
        "temp",
        "unique",
        "recursive",
        "materialized",
        "constraint",
        "table",
        "view",
        "index",
        "concurrently",
        "function",
        "procedure",
        "aggregate",
        "trigger",
        "type",
        "domain",
        "sequence",
        "if",
        "not",
        "exists",
    ];
    let words = first_words(statement, 9);
    if words.first().map(String::as_str) != Some("create") {
        return HashSet::new();
    }
    words.into_iter().find(|word| !BEFORE_THE_NAME.contains(&word.as_str())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_that_is_there_is_not_made_again() {
        assert_eq!(after_create_extension(" CREATE  extension\ncitext"), Some("citext"));
        assert_eq!(after_create_extension("create extension if not exists citext"), None);
        assert_eq!(after_create_extension("create table extension (id int)"), None);
    }

    #[test]
    fn what_a_statement_makes_is_known_by_its_first_words() {
        let name = |statement: &str| made(statement).into_iter().next();
        assert_eq!(name("create table if not exists Users (id int)").as_deref(), Some("users"));
        assert_eq!(name("create or replace function f() returns int").as_deref(), Some("f"));
        assert_eq!(name("create unique index on t (a)").as_deref(), Some("on"));
        assert_eq!(name("alter table users add column x citext"), None);
    }
}
