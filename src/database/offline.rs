//! A database whose statements are written down: PostgreSQL's are not run at all, SQLite's on a scratch database that has
//! the structure and no rows, so that a table that is built anew is written down as it will be built.

use super::{Connection, Database, DatabaseError, OWN_PRAGMAS, StatementError};
use crate::postgres::names;
use crate::schema::Engine;

/// A parameter that stands for the moment at which a transaction begins when the script is run.
pub const STARTED: &str = "\u{1}started";
/// A parameter that stands for the moment of its statement when the script is run.
pub const FINISHED: &str = "\u{1}finished";
/// The same as a text in RFC 3339's form.
pub const FINISHED_TEXT: &str = "\u{1}finished as text";
/// Who is said to use a PostgreSQL database: whoever runs the script.
pub(super) const USER: &str = "\u{1}user";

/// What SQLite would have to be asked of its rows is asked of its compiler alone.
const ONLY_LOOK: &str = "explain ";

/// Objects in an order in which they can be made: a trigger may stand on a view, a view on tables. Tables that a virtual
/// table makes for itself are made with it.
const OBJECTS: &str = "select type, sql from sqlite_schema o where sql is not null \
                       and name not like 'sqlite\\_%' escape '\\' and not exists \
                       (select 1 from pragma_table_list l where l.schema = 'main' and l.type = 'shadow' \
                        and l.name = o.tbl_name) \
                       order by case type when 'table' then 1 when 'index' then 2 when 'view' then 3 else 4 end, rowid";

/// The script as far as it is written.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    script: String,
    /// Whether a script may have set something for its session.
    has_set: bool,
}

impl Recorder {
    pub(super) fn statement(&mut self, sql: &str) {
        let sql = sql.trim().trim_end_matches(';').trim_end();
        if sql.is_empty() {
            return;
        }
        // Nothing but a new line ends a comment.
        let in_comment = sql.lines().next_back().is_some_and(|last| last.contains("--"));
        self.script.push_str(sql);
        self.script.push_str(if in_comment { "\n;\n" } else { ";\n" });
    }

    fn remark(&mut self, text: &str) {
        for line in text.split(['\n', '\r']) {
            self.script.push_str("-- ");
            self.script.push_str(line);
            self.script.push('\n');
        }
    }
}

impl Database {
    /// Opens what stands for a database of an engine and writes down what would be run: empty, and without any rows.
    pub async fn recording(engine: Engine) -> Result<Self, DatabaseError> {
        let mut database = Self::scratch().await?;
        if engine == Engine::Postgres {
            database.connection = Connection::Offline;
        }
        database.location = "a script".into();
        database.recorder = Some(Recorder::default());
        Ok(database)
    }

    /// Whether statements are written down.
    pub fn is_recording(&self) -> bool {
        self.recorder.is_some()
    }

    /// Writes a comment down.
    pub fn remark(&mut self, text: &str) {
        if let Some(recorder) = &mut self.recorder {
            recorder.remark(text);
        }
    }

    /// Leaves an empty line.
    pub fn leave_line(&mut self) {
        if let Some(recorder) = self.recorder.as_mut().filter(|recorder| !recorder.script.ends_with("\n\n")) {
            recorder.script.push('\n');
        }
    }

    /// Takes what is written down, and begins anew.
    pub fn take_script(&mut self) -> String {
        self.recorder.as_mut().map(|recorder| std::mem::take(&mut recorder.script)).unwrap_or_default()
    }

    /// Gives an empty scratch database the structure of a SQLite file, without its rows.
    pub async fn lay_out(&mut self, like: &mut Self) -> Result<(), DatabaseError> {
        for object in like.query("read the structure", OBJECTS, &[]).await? {
            let [Some(kind), Some(sql)] = object.as_slice() else { continue };
            self.run_script(&format!("lay out a {kind} in a scratch database"), sql).await?;
        }
        Ok(())
    }

    /// Writes a statement down.
    pub(super) fn record(&mut self, sql: &str) {
        if let Some(recorder) = &mut self.recorder {
            recorder.statement(sql);
        }
    }

    /// Writes a statement down with its parameters in it.
    pub(super) fn record_with(&mut self, sql: &str, parameters: &[Option<&str>]) {
        if self.is_recording() {
            let literals: Vec<String> = parameters.iter().map(|value| literal(self.engine(), *value)).collect();
            self.record(&with_literals(sql, &literals));
        }
    }

    /// Writes down that what a script has set for its session is forgotten.
    pub(super) fn record_forgotten(&mut self) {
        if !self.recorder.as_mut().is_some_and(|recorder| std::mem::take(&mut recorder.has_set)) {
            return;
        }
        match self.engine() {
            Engine::Sqlite => self.record(OWN_PRAGMAS),
            Engine::Postgres => {
                self.record("reset session authorization; reset role; reset all");
                self.record(&self.lock_timeout_in_words().unwrap_or_default());
            }
        }
    }

    /// Runs a statement of a script as far as it makes structure, and writes it down.
    ///
    /// A statement about rows is only compiled: those that it needs or would break are not there. And no other file is
    /// touched.
    pub(super) async fn rehearse(&mut self, sql: &str) -> Result<u64, StatementError> {
        let first = first_word(sql);
        let runs = match (self.engine(), first.as_str()) {
            (Engine::Postgres, _) => self.answer(sql).await,
            (Engine::Sqlite, "vacuum") => Ok((Vec::new(), 0)),
            (Engine::Sqlite, "insert" | "replace" | "update" | "delete" | "select" | "values" | "with") => {
                let looked = self.answer(&format!("{ONLY_LOOK}{sql}")).await;
                looked.map_err(|said| StatementError {
                    offset: said.offset.map(|offset| offset.saturating_sub(ONLY_LOOK.len())),
                    ..said
                })
            }
            (Engine::Sqlite, _) => self.answer(sql).await,
        };
        runs?;
        self.record(sql);
        let has_set = self.engine() == Engine::Postgres || first == "pragma";
        if let Some(recorder) = &mut self.recorder {
            recorder.has_set |= has_set;
        }
        Ok(0)
    }
}

fn first_word(sql: &str) -> String {
    sql.chars().take_while(|c| c.is_ascii_alphabetic()).collect::<String>().to_ascii_lowercase()
}

/// A parameter as it is written into a statement.
fn literal(engine: Engine, value: Option<&str>) -> String {
    // To the microsecond, as the runner writes it; SQLite knows milliseconds.
    let moment = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')";
    match (engine, value) {
        (_, None) => "null".into(),
        (Engine::Postgres, Some(STARTED)) => "now()".into(),
        (Engine::Postgres, Some(FINISHED)) => "clock_timestamp()".into(),
        (Engine::Postgres, Some(FINISHED_TEXT)) => {
            r#"to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#.into()
        }
        (Engine::Postgres, Some(USER)) => "session_user".into(),
        (Engine::Postgres, Some(text)) => names::literal(text),
        (Engine::Sqlite, Some(STARTED | FINISHED | FINISHED_TEXT)) => moment.into(),
        (Engine::Sqlite, Some(text)) => crate::schema::names::literal(text),
    }
}

/// Writes literals in the places of `$1`, `$2`, … outside of quotes.
fn with_literals(sql: &str, literals: &[String]) -> String {
    let (mut written, mut quote, mut rest) = (String::with_capacity(sql.len()), None, sql);
    while let Some(next) = rest.chars().next() {
        let after = &rest[next.len_utf8()..];
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let position = after[..digits].parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match (next, quote, position.and_then(|position| literals.get(position))) {
            ('$', None, Some(literal)) => {
                written.push_str(literal);
                rest = &after[digits..];
                continue;
            }
            ('\'' | '"', None, _) => quote = Some(next),
            (_, Some(open), _) if open == next => quote = None,
            _ => {}
        }
        written.push(next);
        rest = after;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(statements: &[&str]) -> String {
        let mut recorder = Recorder::default();
        statements.iter().for_each(|sql| recorder.statement(sql));
        recorder.script
    }

    #[test]
    fn a_statement_ends_after_its_last_comment() {
        assert_eq!(
            recorded(&["select 1 -- one;", "select '--'", "  ", "a;\nb;\n"]),
            "select 1 -- one\n;\nselect '--'\n;\na;\nb;\n"
        );
    }

    #[test]
    fn a_parameter_is_written_where_it_stands_and_not_in_quotes() {
        let literals: Vec<String> = (1..=11).map(|number| format!("'v{number} $1'")).collect();
        let sql = r#"insert into "a$1" values ($1, $11, '$1 it''s $1', $12)"#;
        assert_eq!(
            with_literals(sql, &literals),
            r#"insert into "a$1" values ('v1 $1', 'v11 $1', '$1 it''s $1', $12)"#
        );
    }

    #[test]
    fn a_value_is_quoted_as_its_engine_reads_it() {
        assert_eq!(literal(Engine::Sqlite, Some(r"it's \")), r"'it''s \'");
        assert_eq!(literal(Engine::Postgres, Some(r"it's \")), r"E'it''s \\'");
        assert_eq!(literal(Engine::Postgres, Some(USER)), "session_user");
        assert_eq!(literal(Engine::Sqlite, None), "null");
    }
}
