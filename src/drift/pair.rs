//! Two databases of one engine.

use std::time::Instant;

use super::contrast::{Sides, contrast};
use super::outcome::{DriftReport, Form};
use super::{DriftError, Options, Scratch};
use crate::database::{Access, Database, Location, PrivateDatabase, Scope};
use crate::schema::Engine;

/// Compares two databases of one engine. Nothing of it stays in either.
pub async fn between(expected: &Location, found: &Location, options: &Options) -> Result<DriftReport, DriftError> {
    let began = Instant::now();
    if expected.engine() != found.engine() {
        return Err(DriftError::Usage(format!(
            "{expected} is a {} database and {found} a {} one; two engines are compared with --parity",
            expected.engine().name(),
            found.engine().name()
        )));
    }
    let (mut one, mut other) =
        tokio::try_join!(Database::open(expected, Access::Read), Database::open(found, Access::Read))?;
    let scope = Scope { schema: None, other_schemas: true };
    let (wanted, there) = tokio::try_join!(one.inventory(&scope), other.inventory(&scope))?;
    let sides = Sides { expected: expected.to_string(), found: found.to_string(), file: None };
    let comparison = match (&options.scratch, other.engine()) {
        (_, Engine::Sqlite) => contrast(sides, wanted, there, &mut Database::scratch().await?, &scope, options).await?,
        (Scratch::Beside, _) => contrast(sides, wanted, there, &mut other, &scope, options).await?,
        (Scratch::At(location), _) => {
            let mut database = Database::open(location, Access::Write).await?;
            contrast(sides, wanted, there, &mut database, &scope, options).await?
        }
        (Scratch::Private, engine) => {
            let private = PrivateDatabase::start(engine).await?;
            let mut database = Database::open(private.location(), Access::Write).await?;
            let comparison = contrast(sides, wanted, there, &mut database, &scope, options).await;
            database.close().await;
            private.end().await?;
            comparison?
        }
    };
    one.close().await;
    other.close().await;
    Ok(DriftReport::new(Form::Databases, vec![comparison]).timed(began))
}
