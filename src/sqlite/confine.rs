//! Keeps a connection to its own database: whatever a script says, no other file is opened, written or loaded.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ffi};

/// Functions that load what is not SQLite's own.
const LOADING: [&str; 2] = ["load_extension", "fts3_tokenizer"];
/// Pragmas that choose for the whole program where SQLite puts its files.
const FOLDERS: [&str; 2] = ["temp_store_directory", "data_store_directory"];

/// Has SQLite refuse every statement that reaches beyond the connection's own database.
///
/// What a script does elsewhere is neither recorded nor taken back, and scripts are run again wherever it is to be seen what
/// they make. SQLite asks for each statement of a trigger or a view, too.
pub(super) fn confine(connection: &mut Connection) -> rusqlite::Result<()> {
    let judge = |context: AuthContext<'_>| match stays_inside(&context.action) {
        true => Authorization::Allow,
        false => Authorization::Deny,
    };
    connection.authorizer(Some(judge))
}

fn stays_inside(action: &AuthAction<'_>) -> bool {
    let is_among = |names: [&str; 2], name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
    match action {
        // VACUUM attaches a file without a name, which ends with it.
        AuthAction::Attach { filename } => filename.is_empty(),
        // A file's name that is computed is not told. Source: SQLite, `attach.c`, `codeAttach`.
        AuthAction::Unknown { code, .. } => *code != ffi::SQLITE_ATTACH,
        AuthAction::Function { function_name } => !is_among(LOADING, function_name),
        AuthAction::Pragma { pragma_name, .. } => !is_among(FOLDERS, pragma_name),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_for_another_file_is_refused_however_it_is_said() {
        let folder = tempfile::TempDir::new().expect("a folder can be made");
        let other = folder.path().join("other.db");
        let mut connection = Connection::open(folder.path().join("own.db")).expect("a file can be made");
        connection.execute_batch("create table t (a)").expect("a table can be made");
        confine(&mut connection).expect("it can be confined");
        let other = other.to_str().expect("the path is UTF-8");
        for sql in [
            format!("attach '{other}' as other"),
            format!("/* c */ ATTACH DATABASE '{}' || 'r.db' as other", &other[..other.len() - 4]),
            format!("vacuum into '{other}'"),
            format!("vacuum main into '{}' || 'r.db'", &other[..other.len() - 4]),
            format!("pragma temp_store_directory = '{}'", folder.path().display()),
            "select load_extension('other')".to_owned(),
            "create temp trigger g after insert on t begin select load_extension('other'); end; insert into t values (1)"
                .to_owned(),
        ] {
            let refused = connection.execute_batch(&sql).expect_err(&sql).to_string();
            assert!(refused.contains("authoriz"), "{sql}: {refused}");
            assert_eq!(std::fs::read_dir(folder.path()).expect("it can be read").count(), 1, "{sql}");
        }
    }

    #[test]
    fn what_stays_in_the_database_is_let_through() {
        let folder = tempfile::TempDir::new().expect("a folder can be made");
        let mut connection = Connection::open(folder.path().join("own.db")).expect("a file can be made");
        confine(&mut connection).expect("it can be confined");
        for sql in [
            "pragma journal_mode = wal",
            "create virtual table f using fts5 (a); insert into f values ('one'); drop table f",
            "create temp table t (a); insert into temp.t values (1)",
            "vacuum",
            "pragma writable_schema = on; pragma writable_schema = off",
        ] {
            connection.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        }
    }
}
