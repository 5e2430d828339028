//! The place where what should be there is made: in memory, beside the database, in a named one, or on a private server.

use super::error::hint;
use super::{DriftError, Options, Scratch, apart};
use crate::database::{Access, Database, PrivateDatabase, Scope, Surroundings};
use crate::migrate::mending::Tried;
use crate::migrate::replay::{Place, ReplayError, Scripts};
use crate::schema::Engine;
use crate::schema::inventory::Inventory;

/// What should be there, with the database in which it was made; none where that is the one that is looked at.
pub(super) struct Made {
    pub(super) inventory: Inventory,
    pub(super) site: Option<Site>,
}

/// A database in which something is made.
pub(super) struct Site {
    pub(super) database: Database,
    private: Option<PrivateDatabase>,
}

/// Makes what scripts make, beside a database or apart from it.
pub(super) async fn make(scripts: &Scripts, live: &mut Database, options: &Options) -> Result<Made, DriftError> {
    match (scripts.engine, &options.scratch) {
        (Engine::Postgres, Scratch::Beside) => {
            let made = scripts.made(live, Place::Beside).await;
            let inventory = made.map_err(|source| DriftError::Expected { hint: hint(&source, false), source })?;
            Ok(Made { inventory, site: None })
        }
        _ => make_apart(scripts, live.surroundings().await?, &options.scratch).await,
    }
}

/// Makes what scripts make in a database of its own, with what has a say in it where they are at home.
async fn make_apart(scripts: &Scripts, mut around: Surroundings, scratch: &Scratch) -> Result<Made, DriftError> {
    loop {
        let (mut site, place) = Site::open(scripts, scratch).await?;
        let source = match scripts.surrounded(around.clone()).made(&mut site.database, place).await {
            Ok(inventory) => return Ok(Made { inventory, site: Some(site) }),
            Err(source) => source,
        };
        site.end().await?;
        // What a script needs and does not make, since it was there before: a role, or an extension.
        let is_brought = match &source {
            ReplayError::Statement { error, .. } => match error.missing_role() {
                Some(role) => around.name_role(role),
                None => error.may_miss_an_extension() && around.bring_extensions(),
            },
            _ => false,
        };
        if !is_brought {
            return Err(DriftError::Expected { hint: hint(&source, place == Place::Kept), source });
        }
    }
}

/// Makes what scripts make, and tries what brings it nearer to what a database holds.
pub(super) async fn trial(
    scripts: &Scripts,
    live: &mut Database,
    wanted: &Inventory,
    options: &Options,
) -> Result<Tried, DriftError> {
    if let (Engine::Postgres, Scratch::Beside) = (scripts.engine, &options.scratch) {
        let tried = scripts.tried(live, Place::Beside, wanted).await;
        return tried.map_err(|source| DriftError::Expected { hint: hint(&source, false), source });
    }
    let mut around = live.surroundings().await?;
    // A right is given to nobody where its role is missing.
    for role in live.roles().await?.into_iter().filter(|role| is_named(role, wanted)) {
        around.name_role(&role);
    }
    let (mut site, place) = Site::open(scripts, &options.scratch).await?;
    let scripts = scripts.surrounded(around);
    let tried = scripts.tried(&mut site.database, place, wanted).await;
    site.end().await?;
    tried.map_err(|source| DriftError::Expected { hint: hint(&source, true), source })
}

/// Whether what makes something gives a role rights, or may.
fn is_named(role: &str, wanted: &Inventory) -> bool {
    let mut texts = wanted.items.iter().filter_map(|item| item.create.as_deref());
    let home = wanted.items.iter().filter(|item| apart::is_home(item)).flat_map(|item| &item.facts);
    texts.any(|text| text.contains(role)) || home.into_iter().any(|fact| fact.value.contains(role))
}

impl Site {
    async fn open(scripts: &Scripts, scratch: &Scratch) -> Result<(Self, Place), DriftError> {
        match (scripts.engine, scratch) {
            // A statement that runs outside a transaction may ask for a file.
            (Engine::Sqlite, _) if !scripts.run_outside() => {
                Ok((Self { database: Database::scratch().await?, private: None }, Place::Kept))
            }
            (Engine::Postgres, Scratch::At(location)) => {
                let mut database = Database::open(location, Access::Write).await?;
                let is_empty = apart::is_empty(&database.inventory(&Scope::default()).await?);
                match database.engine() {
                    Engine::Postgres if is_empty => Ok((Self { database, private: None }, Place::Inside)),
                    Engine::Postgres => Err(DriftError::Usage(format!(
                        "{location} is not empty, and what should be there is made in an empty database; name another one \
                         with --scratch-url"
                    ))),
                    Engine::Sqlite => Err(DriftError::Usage(format!(
                        "{location} is no PostgreSQL database; --scratch-url names an empty one, or says `private`"
                    ))),
                }
            }
            (engine, _) => {
                let private = PrivateDatabase::start(engine).await?;
                let database = Database::open(private.location(), Access::Write).await?;
                Ok((Self { database, private: Some(private) }, Place::Kept))
            }
        }
    }

    /// Lets go of the database; a private one is gone afterwards.
    pub(super) async fn end(self) -> Result<(), DriftError> {
        self.database.close().await;
        match self.private {
            Some(private) => Ok(private.end().await?),
            None => Ok(()),
        }
    }
}
