//! Where the server's folder may be made, and the account that makes it.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::PrivateServerError;

/// The longest folder whose socket still fits: `sun_path` holds 104 bytes on macOS with its end mark, 108 on Linux.
const LONGEST_FOLDER_BYTES: usize = 103 - "/.s.PGSQL.5432".len();
/// `supervise.sh` removes no folder of another name.
const PREFIX: &str = "strait-pg-";
const ROOT: u32 = 0;

/// An account of the machine, by its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// The folders in which a server's folder may be made, best first.
pub(super) fn places(asked_for: Option<&Path>) -> Vec<PathBuf> {
    let mut places = Vec::from_iter(asked_for.map(Path::to_owned));
    places.extend([std::env::temp_dir(), PathBuf::from("/tmp")]);
    places.dedup();
    places
}

/// The account to run the server as: none but our own, unless we are root.
pub(super) fn account() -> Result<Option<Account>, PrivateServerError> {
    if !are_we_root() {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = server_account(&accounts).ok_or(PrivateServerError::NoAccount)?;
    Ok(Some(account))
}

/// Asks `id`: the standard library does not tell.
fn are_we_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Removes what a supervisor that did not end in order has left.
pub(super) fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(folder = %folder.display(), %error, "not removed");
    }
}

fn server_account(passwd: &str) -> Option<Account> {
    ["postgres", "_postgres", "nobody"]
        .iter()
        .find_map(|name| passwd.lines().find_map(|line| account_named(name, line)))
}

// Source: passwd(5). macOS writes `nobody` as -2.
fn account_named(name: &str, line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    if fields.next()? != name {
        return None;
    }
    let mut number = fields.skip(1).map(|field| match field.parse::<i32>() {
        Ok(signed) => Some(signed as u32),
        Err(_) => field.parse().ok(),
    });
    let uid = number.next()??;
    let gid = number.next()??;
    (uid != ROOT).then_some(Account { uid, gid })
}

/// A folder's path in a place, for the supervisor to make. Another account than ours must be able to make and remove it.
pub(super) fn propose(place: &Path, account: Option<Account>) -> io::Result<PathBuf> {
    let place = place.canonicalize()?;
    let folder = place.join(format!("{PREFIX}{:016x}", random()));
    if !socket_fits(&folder) {
        return Err(io::ErrorKind::InvalidFilename.into());
    }
    if account.is_some() && !open_to_others(&place) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(folder)
}

fn open_to_others(place: &Path) -> bool {
    const ENTER: u32 = 0o001;
    const WRITE: u32 = 0o002;
    let allows = |folder: &Path, bits| fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & bits == bits);
    allows(place, ENTER | WRITE) && place.ancestors().all(|folder| allows(folder, ENTER))
}

/// A number that nobody can guess: the standard library seeds `RandomState` from the system's random source.
fn random() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    hasher.finish()
}

fn socket_fits(folder: &Path) -> bool {
    folder.to_str().is_some_and(|folder| folder.len() <= LONGEST_FOLDER_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nnobody:*:-2:-2:Nobody:/:/bin/false\n\
                          postgres:x:101:104:,,,:/var/lib/postgresql:/bin/sh\n";

    #[test]
    fn the_account_postgres_comes_before_nobody() {
        let account = server_account(PASSWD);
        assert_eq!(account, Some(Account { uid: 101, gid: 104 }));
    }

    #[test]
    fn nobody_serves_where_postgres_is_unknown_and_may_be_negative() {
        let passwd = PASSWD.replace("postgres:", "other:");
        let uid = u32::MAX - 1;
        assert_eq!(server_account(&passwd), Some(Account { uid, gid: uid }));
    }

    #[test]
    fn an_account_that_is_root_in_disguise_is_not_taken() {
        assert_eq!(server_account("nobody:x:0:0:::\n"), None);
    }

    #[test]
    fn a_broken_line_is_passed_over() {
        assert_eq!(server_account("postgres\npostgres:x:y:1:\n"), None);
    }

    #[test]
    fn a_folder_too_long_for_a_socket_is_refused() {
        assert!(socket_fits(Path::new("/tmp/strait-pg-0123456789abcdef")));
        assert!(!socket_fits(&Path::new("/tmp").join("x".repeat(100))));
    }

    #[test]
    fn the_place_asked_for_comes_first_and_tmp_last() {
        let places = places(Some(Path::new("/dev/shm")));
        assert_eq!(places.first().unwrap(), Path::new("/dev/shm"));
        assert_eq!(places.last().unwrap(), Path::new("/tmp"));
    }

    #[test]
    fn a_place_that_is_not_there_or_is_closed_will_not_do() {
        let account = Some(Account { uid: 101, gid: 104 });
        assert!(propose(Path::new("/does/not/exist"), None).is_err());
        assert!(propose(Path::new("/usr"), account).is_err());
        let folder = propose(Path::new("/tmp"), account).unwrap();
        assert!(folder.file_name().unwrap().to_str().unwrap().starts_with(PREFIX) && !folder.exists());
    }

    #[test]
    fn no_two_folders_have_the_same_name() {
        assert_ne!(random(), random());
    }
}
