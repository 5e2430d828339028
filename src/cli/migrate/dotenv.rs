//! The database as the file `.env` names it: of this folder, or of the nearest one above that has such a file.

use std::path::Path;

use crate::cli::run::CliError;
use crate::database::Location;
use crate::migrate::MigrateError;

/// The variable that names the database.
const DATABASE_URL: &str = "DATABASE_URL";

/// The location that is meant: the one that is given by a flag or the environment, else the one that `.env` names.
pub(in crate::cli) fn or_location(given: Option<&str>) -> Result<Option<Location>, CliError> {
    match given {
        Some(url) => Ok(Some(Location::parse(url)?)),
        None => location(),
    }
}

/// Finds the location; a relative path in it begins at the folder of the file.
fn location() -> Result<Option<Location>, CliError> {
    let here = std::env::current_dir()?;
    let Some(folder) = here.ancestors().find(|folder| folder.join(".env").is_file()) else { return Ok(None) };
    let bytes = std::fs::read(folder.join(".env")).map_err(|error| unreadable(&error.to_string()))?;
    let Some(url) = named_in(&String::from_utf8_lossy(&bytes)).map_err(unreadable)? else { return Ok(None) };
    let base = if folder == here { None } else { Some(folder) };
    Ok(Some(beside(Location::parse(&url)?, base)))
}

fn unreadable(why: &str) -> CliError {
    MigrateError::Usage(format!("the file .env cannot be read: {why}")).into()
}

/// A location whose relative path begins at another folder.
fn beside(location: Location, base: Option<&Path>) -> Location {
    match (location, base) {
        (Location::Sqlite(path), Some(base)) => Location::Sqlite(base.join(path)),
        (Location::SqliteIn { path, mode }, Some(base)) => Location::SqliteIn { path: base.join(path), mode },
        (location, _) => location,
    }
}

/// What a file says of the database. Lines that mean nothing to us are passed over: the file serves other programs, too.
fn named_in(text: &str) -> Result<Option<String>, &'static str> {
    let text = text.trim_start_matches('\u{feff}');
    if let Ok(found) = first(text) {
        return Ok(found);
    }
    let readable = |line: &&str| dotenvy::from_read_iter(line.as_bytes()).all(|entry| entry.is_ok());
    // The line itself may hold a password.
    if text.lines().any(|line| is_ours(line) && !readable(&line)) {
        return Err("its line with DATABASE_URL is not NAME=VALUE; put the value between single quotes");
    }
    let lines: Vec<&str> = text.lines().filter(readable).collect();
    first(&lines.join("\n")).map_err(|()| "a line of it is not NAME=VALUE")
}

fn is_ours(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    line.strip_prefix(DATABASE_URL).is_some_and(|rest| rest.trim_start().starts_with('='))
}

/// The first value; a line before it that cannot be read is an error.
fn first(text: &str) -> Result<Option<String>, ()> {
    for entry in dotenvy::from_read_iter(text.as_bytes()) {
        let (name, value) = entry.map_err(drop)?;
        if name == DATABASE_URL {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_other_programs_are_passed_over() {
        for text in [
            "DATABASE_URL=app.db",
            "\u{feff}DATABASE_URL=app.db\r\n",
            "FOO=ba z\nDATABASE_URL=app.db\n",
            "no assignment at all\nexport DATABASE_URL='app.db'\nFOO=ba z\n",
            "NAME=app\nFOO=ba z\nDATABASE_URL=${NAME}.db\n",
            "KEY=\"-----BEGIN\nabc def\n-----END\"\nDATABASE_URL=\"app.db\" # ours\n",
        ] {
            assert_eq!(named_in(text), Ok(Some("app.db".into())), "{text:?}");
        }
        assert_eq!(named_in("FOO=ba z\n"), Ok(None));
    }

    #[test]
    fn a_line_of_ours_that_cannot_be_read_is_told_without_its_value() {
        let told = named_in("DATABASE_URL=postgres://me:hun ter2@x/db\n").expect_err("is refused");
        assert!(told.contains("DATABASE_URL") && !told.contains("ter2"));
    }

    #[test]
    fn a_relative_path_begins_at_the_folder_of_the_file() {
        let path = |base: Option<&str>, url: &str| {
            beside(Location::parse(url).expect("is a location"), base.map(Path::new)).to_string()
        };
        assert_eq!(path(Some("/srv/app"), "sqlite:rel.db"), "/srv/app/rel.db");
        assert_eq!(path(Some("/srv/app"), "sqlite:////abs/a.db"), "/abs/a.db");
        assert_eq!(path(None, "sqlite:rel.db"), "rel.db");
    }
}
