//! Where this machine keeps PostgreSQL's server programs.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::PrivateServerError;

const NEEDED: [&str; 2] = ["initdb", "postgres"];

/// Folders with one varying name: what is before it, how it begins, what is below it.
const USUAL: [(&str, &str, &str); 6] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// A folder of server programs.
#[derive(Debug)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
    pub(super) version: String,
}

/// One place to look at: its name for people, the folders it stands for, best first.
#[derive(Debug)]
struct Place {
    name: String,
    folders: Vec<PathBuf>,
}

/// Finds the server programs: `PG_BIN`, then `pg_config`, then `PATH`, then the usual places.
pub(super) fn find() -> Result<Binaries, PrivateServerError> {
    let folder = match std::env::var_os("PG_BIN").filter(|value| !value.is_empty()) {
        Some(folder) => named(PathBuf::from(folder))?,
        None => choose(places(), |folder| missing_in(folder).is_none())?,
    };
    let version = version_of(&folder)?;
    Ok(Binaries { folder, version })
}

fn named(folder: PathBuf) -> Result<PathBuf, PrivateServerError> {
    match missing_in(&folder) {
        // The server runs from another working folder, so the path must not depend on ours.
        None => Ok(folder.canonicalize().unwrap_or(folder)),
        Some(missing) => Err(PrivateServerError::WrongPgBin { folder, missing }),
    }
}

fn choose(places: Vec<Place>, holds_programs: impl Fn(&Path) -> bool) -> Result<PathBuf, PrivateServerError> {
    let mut looked = Vec::new();
    for Place { name, folders } in places {
        if let Some(folder) = folders.into_iter().find(|folder| holds_programs(folder)) {
            return Ok(folder);
        }
        looked.push(name);
    }
    Err(PrivateServerError::NotFound { looked })
}

fn missing_in(folder: &Path) -> Option<&'static str> {
    NEEDED.into_iter().find(|program| !folder.join(program).is_file())
}

fn places() -> Vec<Place> {
    let mut places = vec![
        Place { name: "`pg_config --bindir`".to_owned(), folders: from_pg_config().into_iter().collect() },
        Place { name: "PATH".to_owned(), folders: from_path(&std::env::var_os("PATH").unwrap_or_default()) },
    ];
    places.extend(USUAL.map(|(parent, prefix, below)| {
        Place {
            name: format!("{parent}/{prefix}*/{below}"),
            folders: newest_first(names_in(Path::new(parent)), prefix)
                .into_iter()
                .map(|name| Path::new(parent).join(name).join(below))
                .collect(),
        }
    }));
    places
}

fn from_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| folder.trim().into())
}

/// Distributions link the programs into `PATH` one by one; the folder that the link leads to holds them all.
fn from_path(path: &OsStr) -> Vec<PathBuf> {
    std::env::split_paths(path)
        .filter_map(|folder| folder.join("initdb").canonicalize().ok())
        .filter_map(|program| program.parent().map(Path::to_owned))
        .collect()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

fn newest_first(names: Vec<String>, prefix: &str) -> Vec<String> {
    let mut names: Vec<_> = names.into_iter().filter(|name| name.starts_with(prefix)).collect();
    names.sort_by_key(|name| std::cmp::Reverse(version_numbers(name)));
    names
}

fn version_numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

fn version_of(folder: &Path) -> Result<String, PrivateServerError> {
    let program = folder.join("postgres");
    match Command::new(&program).arg("--version").output() {
        Ok(output) => Ok(version_in(&String::from_utf8_lossy(&output.stdout))),
        Err(source) => Err(PrivateServerError::Program { program, source }),
    }
}

fn version_in(text: &str) -> String {
    let starts_with_digit = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let version = text.split_whitespace().find(starts_with_digit);
    version.unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn place(name: &str, folders: &[&str]) -> Place {
        Place { name: name.to_owned(), folders: folders.iter().map(PathBuf::from).collect() }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        let names = owned(&["9.6", "10", "17", "9.10", "latest"]);
        let newest = newest_first(names, "");
        assert_eq!(newest, owned(&["17", "10", "9.10", "9.6", "latest"]));
    }

    #[test]
    fn names_of_other_packages_are_passed_over() {
        let names = owned(&["postgresql@15", "openssl@3", "postgresql", "postgresql@17"]);
        let newest = newest_first(names, "postgresql");
        assert_eq!(newest, owned(&["postgresql@17", "postgresql@15", "postgresql"]));
    }

    #[test]
    fn the_first_folder_that_holds_the_programs_wins() {
        let places = vec![place("first", &["/client/only"]), place("second", &["/17/bin", "/16/bin", "/15/bin"])];
        let holds = |folder: &Path| folder.starts_with("/16") || folder.starts_with("/15");
        assert_eq!(choose(places, holds).unwrap(), Path::new("/16/bin"));
    }

    #[test]
    fn a_fruitless_search_says_where_it_looked_and_what_to_install() {
        let places = vec![place("PATH", &[]), place("/usr/lib/postgresql/*/bin", &[])];
        let message = choose(places, |_| false).unwrap_err().to_string();
        assert!(message.contains("PATH, /usr/lib/postgresql/*/bin"), "{message}");
        assert!(message.contains("apt-get install postgresql"), "{message}");
    }

    #[test]
    fn a_wrong_pg_bin_is_not_searched_around() {
        let error = named(PathBuf::from("/does/not/exist")).unwrap_err();
        assert!(error.to_string().contains("holds no initdb"), "{error}");
    }

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(version_in(debian), "15.18");
        assert_eq!(version_in("postgres (PostgreSQL) 18beta1\n"), "18beta1");
        assert_eq!(version_in(""), "unknown");
    }
}
