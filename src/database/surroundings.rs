//! What lies around a schema of PostgreSQL and has a say in what is made in it: default privileges, and the roles that are there.

use std::collections::BTreeSet;

use super::{Database, DatabaseError};
use crate::postgres::names::{literal, quote};
use crate::schema::Engine;

const HOME: &str = "select coalesce(pg_catalog.current_schema(), 'public')";
const ROLE: &str = "select current_user";
const ROLES: &str = "select rolname from pg_catalog.pg_roles where rolname not like 'pg\\_%' order by 1";
const EXTENSIONS: &str = "select e.extname, n.nspname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n \
                          on n.oid = e.extnamespace where n.nspname not like 'pg\\_%' order by e.oid";
/// An event trigger is meant for changes that stay. From version 17 on, a superuser can have them pause.
const QUIET: &str = "select pg_catalog.set_config(name, 'off', true) from pg_catalog.pg_settings \
                     where name = 'event_triggers' and pg_catalog.current_setting('is_superuser') = 'on'";

/// What gives or takes rights where something is made, without anybody saying so there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    defaults: Vec<DefaultPrivilege>,
    roles: BTreeSet<String>,
    extensions: Vec<Extension>,
    /// Whether extensions are made that the scripts do not make themselves.
    brings_extensions: bool,
}

#[derive(Clone, Debug)]
struct Extension {
    name: String,
    schema: String,
}

#[derive(Clone, Debug)]
struct DefaultPrivilege {
    of_schema: bool,
    /// What follows `alter default privileges`.
    words: String,
}

impl Surroundings {
    /// Names a role that must be there; tells whether it is a new one.
    pub(crate) fn name_role(&mut self, role: &str) -> bool {
        self.roles.insert(role.to_owned())
    }

    /// Has extensions made that are there, too; tells whether that is new.
    pub(crate) fn bring_extensions(&mut self) -> bool {
        !std::mem::replace(&mut self.brings_extensions, true) && !self.extensions.is_empty()
    }
}

impl Database {
    /// Has event triggers pause until the settings of the open transaction are forgotten, where the server and the role allow it.
    pub(crate) async fn pause_event_triggers(&mut self) -> Result<(), DatabaseError> {
        match self.engine() {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => self.run_script("have event triggers pause", QUIET).await.map(drop),
        }
    }

    /// The schema in which unqualified names are created.
    pub(crate) async fn home(&mut self) -> Result<String, DatabaseError> {
        self.one("ask for the schema", HOME).await
    }

    /// The roles of the server, but those that every server has.
    pub(crate) async fn roles(&mut self) -> Result<Vec<String>, DatabaseError> {
        if self.engine() == Engine::Sqlite {
            return Ok(Vec::new());
        }
        let rows = self.query("ask for the roles", ROLES, &[]).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    /// Reads what the default privileges of whoever owns what is in the home schema give and take there.
    pub(crate) async fn surroundings(&mut self) -> Result<Surroundings, DatabaseError> {
        if self.engine() == Engine::Sqlite {
            return Ok(Surroundings::default());
        }
        let home = self.home().await?;
        let (defaults, roles) = self.default_privileges(&home, None, false).await?;
        let rows = self.query("ask for the extensions", EXTENSIONS, &[]).await?;
        let extensions = rows.into_iter().filter_map(|row| {
            let [name, schema] = <[Option<String>; 2]>::try_from(row).ok()?;
            Some(Extension { name: name?, schema: schema? })
        });
        Ok(Surroundings { defaults, roles, extensions: extensions.collect(), brings_extensions: false })
    }

    /// Makes it so in a schema, for what this role makes; what its own default privileges would do is taken back. It is meant
    /// for a database of our own, or for a transaction that is rolled back.
    pub(crate) async fn surround(&mut self, around: &Surroundings, schema: &str) -> Result<(), DatabaseError> {
        if self.engine() == Engine::Sqlite {
            return Ok(());
        }
        self.make_roles(around).await?;
        let what = "prepare the place in which scripts are tried";
        for extension in around.extensions.iter().filter(|_| around.brings_extensions) {
            self.run_script(what, &extension.creation()).await?;
        }
        let role = self.one("ask for the role", ROLE).await?;
        let (own, _) = self.default_privileges(schema, Some(&role), true).await?;
        for default in own.iter().chain(&around.defaults) {
            let place = if default.of_schema { format!("in schema {} ", quote(schema)) } else { String::new() };
            self.run_script(what, &format!("alter default privileges {place}{}", default.words)).await?;
        }
        Ok(())
    }

    /// Makes the roles that are missing; they can do nothing.
    pub(crate) async fn make_roles(&mut self, around: &Surroundings) -> Result<(), DatabaseError> {
        for role in &around.roles {
            self.run_script("make a role that a script names", &creation(role)).await?;
        }
        Ok(())
    }

    async fn default_privileges(
        &mut self,
        schema: &str,
        role: Option<&str>,
        is_way_back: bool,
    ) -> Result<(Vec<DefaultPrivilege>, BTreeSet<String>), DatabaseError> {
        let parameters = [Some(schema), role, Some(if is_way_back { "true" } else { "false" })];
        let rows = self.query("read the default privileges", include_str!("surroundings.sql"), &parameters).await?;
        let (mut defaults, mut roles) = (Vec::new(), BTreeSet::new());
        for row in rows {
            let [of_schema, words, role] = <[Option<String>; 3]>::try_from(row).unwrap_or_default();
            let of_schema = of_schema.as_deref() == Some("true");
            defaults.push(DefaultPrivilege { of_schema, words: words.unwrap_or_default() });
            roles.extend(role);
        }
        Ok((defaults, roles))
    }
}

impl Extension {
    /// Makes it where the server has it and this role may.
    fn creation(&self) -> String {
        let schema = quote(&self.schema);
        let make =
            format!("create schema if not exists {schema}; create extension {} schema {schema}", quote(&self.name));
        format!(
            "do $do$ begin if exists (select from pg_catalog.pg_available_extensions where name = {} and installed_version is \
             null) then execute {}; end if; exception when insufficient_privilege then null; end $do$",
            literal(&self.name),
            literal(&make)
        )
    }
}

/// Makes a role that can do nothing, where it is missing. Who may not make one is told of it by the statement that needs it.
fn creation(role: &str) -> String {
    let create = literal(&format!("create role {} nologin", quote(role)));
    format!(
        "do $do$ begin if not exists (select from pg_catalog.pg_roles where rolname = {}) then execute {create}; end if; \
         exception when insufficient_privilege then null; end $do$",
        literal(role)
    )
}
