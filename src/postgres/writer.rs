//! A session that changes a database's structure: one statement at a time, under one lock, in transactions that it knows.

use futures::TryStreamExt as _;
use sqlx::postgres::{PgErrorPosition, PgRow};
use sqlx::{AssertSqlSafe, Either, Row as _, ValueRef as _};

use super::ending::Ending;
use super::names::literal;
use super::probe::{OLDEST, refuse_transaction_pooler};
use super::{Address, OWN_WAYS, PostgresError, ServerSays, Session, says};
use crate::schema::Schema;

/// The two halves of the runner's advisory lock: "stra" and "migr" in ASCII. The first is the one of all our locks.
const LOCK: (i32, i32) = (0x7374_7261, 0x6d69_6772);
/// The longest name that a server keeps of a program. Source: PostgreSQL manual, "application_name".
const LONGEST_NAME: usize = 63;
/// Conditions that pass: a lock not granted in time, a deadlock, a transaction that must be run again.
const PASSING: [&str; 3] = ["55P03", "40P01", "40001"];
/// Conditions after which the server has ended the session. Source: PostgreSQL manual, "PostgreSQL Error Codes".
const ENDED: [&str; 6] = ["57P01", "57P02", "57P03", "57P05", "25P03", "25P04"];

/// The server looks every second whether we are still there, and ends what nobody waits for. Not every version can.
const WATCH_CLIENT: &str = "select pg_catalog.set_config(name, '1000', false) from pg_catalog.pg_settings where name = \
                            'client_connection_check_interval'";

/// Who only looks does not wait for ever for what another session keeps locked.
const READ_PATIENTLY: &str = "set lock_timeout = '5s'";

/// A row of texts, one for each column.
pub type Row = Vec<Option<String>>;

/// A session of the runner.
pub struct Writer {
    session: Session,
    address: Address,
    asked: u64,
    name: Option<String>,
    ending: Ending,
}

impl Writer {
    /// Connects; a writer that could not keep its promises on this server is refused with the reason.
    pub async fn connect(address: &Address, may_write: bool) -> Result<Self, PostgresError> {
        let session = Session::connect(address).await?;
        let ending = Ending::new(address.clone());
        let mut writer = Self { session, address: address.clone(), asked: 0, name: None, ending };
        writer.check(may_write).await?;
        writer.run(WATCH_CLIENT).await.map_err(failed("prepare a session"))?;
        if !may_write {
            writer.run(READ_PATIENTLY).await.map_err(failed("prepare a session"))?;
        }
        if may_write {
            refuse_transaction_pooler(&mut writer.session, address).await?;
            let what = "ask which process serves the session";
            let process = writer.session.number(what, "select pg_catalog.pg_backend_pid()::bigint".into()).await?;
            writer.ending.watch(process);
        }
        Ok(writer)
    }

    async fn check(&mut self, may_write: bool) -> Result<(), PostgresError> {
        let what = "ask the server what it can do";
        let facts = self.query(include_str!("writer.sql"), &[]).await.map_err(failed(what))?.0;
        let Some([Some(number), Some(version), Some(role), locks, recovering, read_only]) =
            facts.first().and_then(|row| row.first_chunk::<6>())
        else {
            return Err(self.unsuitable("its answer to the first question cannot be read".into()));
        };
        let yes = |fact: &Option<String>| fact.as_deref() == Some("true");
        if number.parse::<i64>().map_or(true, |number| number < OLDEST) {
            return Err(self.unsuitable(format!("it is PostgreSQL {version}; 12 or newer is needed")));
        }
        let obstacle = match () {
            () if yes(recovering) => "it is a read-only standby; name the primary server".to_owned(),
            () if yes(read_only) => format!(
                "its transactions are read-only for role {role}; let an administrator set \
                 default_transaction_read_only = off for this role or database, or connect as another role"
            ),
            () if !yes(locks) => format!(
                "role {role} may not take advisory locks, by which two runners keep apart; let an administrator run: \
                 grant execute on all functions in schema pg_catalog to {}",
                super::names::quote(role)
            ),
            () => return Ok(()),
        };
        if may_write { Err(self.unsuitable(obstacle)) } else { Ok(()) }
    }

    fn unsuitable(&self, why: String) -> PostgresError {
        PostgresError::Unsuitable { address: self.address.to_string(), why }
    }

    /// Reads the structure of a schema; without a name, of the one in which unqualified names are created.
    pub async fn structure(&mut self, schema: Option<&str>) -> Result<Schema, PostgresError> {
        let own = match schema {
            Some(_) => None,
            None => self.session.text("ask for the schema", "select current_schema()", &[]).await?,
        };
        let schema = schema.or(own.as_deref()).unwrap_or("public");
        Ok(super::introspect::introspect(&mut self.session, schema).await?.schema)
    }

    /// Runs a statement as it is; gives how many rows it changed.
    pub async fn run(&mut self, sql: &str) -> Result<u64, ServerSays> {
        tracing::debug!("statement of a script");
        self.simple(sql.to_owned()).await.map(|(_, changed)| changed)
    }

    /// Runs one statement with parameters `$1`, `$2`, …; gives its rows as texts, and how many it changed.
    ///
    /// The server finds the parameters' types itself, and answers in text: so every type can be asked for.
    pub async fn query(&mut self, sql: &str, parameters: &[Option<&str>]) -> Result<(Vec<Row>, u64), ServerSays> {
        if parameters.is_empty() {
            return self.simple(sql.to_owned()).await;
        }
        // A name is used once: what failed inside a transaction cannot be deallocated there.
        self.asked += 1;
        let name = format!("strait_{}", self.asked);
        let values: Vec<String> = parameters.iter().map(|value| value.map_or_else(|| "null".into(), literal)).collect();
        let values = values.join(", ");
        self.simple(format!("prepare {name} as {sql}\n; execute {name} ({values}); deallocate {name}")).await
    }

    async fn simple(&mut self, sql: String) -> Result<(Vec<Row>, u64), ServerSays> {
        self.ending.note(true);
        let answer = self.answer(sql).await;
        self.ending.note(false);
        answer
    }

    async fn answer(&mut self, sql: String) -> Result<(Vec<Row>, u64), ServerSays> {
        let mut answers = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(&mut self.session.connection);
        let (mut rows, mut changed) = (Vec::new(), 0);
        while let Some(answer) = answers.try_next().await.map_err(says)? {
            match answer {
                Either::Left(done) => changed += done.rows_affected(),
                Either::Right(row) => rows.push(texts(&row).map_err(says)?),
            }
        }
        Ok((rows, changed))
    }

    /// Puts the session's settings and role back to what they were when it was opened; its locks stay.
    pub async fn renew(&mut self) -> Result<(), ServerSays> {
        self.run("reset session authorization; reset role; reset all").await?;
        for settings in OWN_WAYS.into_iter().chain([WATCH_CLIENT]) {
            self.run(settings).await?;
        }
        if let Some(name) = &self.name {
            let named = format!("set application_name = {}", literal(name));
            self.run(&named).await?;
        }
        Ok(())
    }

    /// Tries to take the runner's lock of this database, which goes with the session; gives who holds it when somebody else does.
    pub async fn try_lock(&mut self, purpose: &str) -> Result<Result<(), String>, PostgresError> {
        let what = "lock the database for the run";
        let name: String = format!("strait {purpose}").chars().take(LONGEST_NAME).collect();
        self.run(&format!("set application_name = {}", literal(&name))).await.map_err(failed(what))?;
        self.name = Some(name);
        let (class, object) = LOCK;
        let sql = format!("select pg_catalog.pg_try_advisory_lock({class}, {object})");
        let taken = self.query(&sql, &[]).await.map_err(failed(what))?.0;
        if taken.first().and_then(|row| row.first()).and_then(Option::as_deref) == Some("t") {
            return Ok(Ok(()));
        }
        let key = [class.to_string(), object.to_string()];
        let holders = self.query(include_str!("holder.sql"), &[Some(&key[0]), Some(&key[1])]).await;
        let holder = holders.map_err(failed("find who holds the lock"))?.0.into_iter().flatten().flatten().next();
        Ok(Err(holder.unwrap_or_default()))
    }

    /// Lets go of the runner's lock.
    pub async fn unlock(&mut self) -> Result<(), PostgresError> {
        let (class, object) = LOCK;
        let sql = format!("select pg_catalog.pg_advisory_unlock({class}, {object})");
        self.run(&sql).await.map(drop).map_err(failed("unlock the database after the run"))
    }

    /// Says good-bye.
    pub async fn close(self) {
        self.session.close().await;
    }
}

fn failed(what: &str) -> impl Fn(ServerSays) -> PostgresError + '_ {
    move |source| PostgresError::Statement { what: what.to_owned(), source }
}

fn texts(row: &PgRow) -> Result<Row, sqlx::Error> {
    (0..row.len())
        .map(|index| {
            let value = row.try_get_raw(index)?;
            match value.is_null() {
                true => Ok(None),
                false => value.as_str().map(|text| Some(text.to_owned())).map_err(sqlx::Error::Decode),
            }
        })
        .collect()
}

impl ServerSays {
    /// The byte of the statement to which the server points.
    pub fn offset(&self, sql: &str) -> Option<usize> {
        let PgErrorPosition::Original(position) = self.database()?.position()? else { return None };
        byte_of(sql, position)
    }

    /// Whether the same statement may succeed when it is run again.
    pub fn may_pass(&self) -> bool {
        self.code().is_some_and(|code| PASSING.contains(&code))
    }

    /// Whether the session is lost.
    pub fn is_lost(&self) -> bool {
        match self.code() {
            Some(code) => code.starts_with("08") || ENDED.contains(&code),
            None => matches!(self.0.as_ref(), sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)),
        }
    }

    /// What the server says of a statement of a script. Where it points into the statement, the value that it names stands
    /// there; else it may be the value of a row.
    pub fn told(&self) -> String {
        let whole = self.to_string();
        let of_a_value = self.code().is_some_and(|code| code.starts_with("22"));
        let points =
            self.database().is_some_and(|error| matches!(error.position(), Some(PgErrorPosition::Original(_))));
        if of_a_value && !points { without_quoted(&whole) } else { whole }
    }
}

/// The byte at which a character stands that is counted from one.
fn byte_of(sql: &str, position: usize) -> Option<usize> {
    let before = position.checked_sub(1)?;
    let end = std::iter::once(sql.len());
    sql.char_indices().map(|(byte, _)| byte).chain(end).nth(before)
}

/// A message without what stands in it between the first and the last double quote.
fn without_quoted(message: &str) -> String {
    match (message.find('"'), message.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            format!("{}(a value, not shown){}", &message[..first], &message[last + 1..])
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_characters_from_one_and_an_offset_bytes_from_zero() {
        assert_eq!(byte_of("select ü, nosuch", 8), Some(7));
        assert_eq!(byte_of("select ü, nosuch", 11), Some(11));
        assert_eq!(byte_of("é", 2), Some(2));
        assert_eq!(byte_of("é", 0), None);
        assert_eq!(byte_of("é", 4), None);
    }

    #[test]
    fn a_value_is_cut_out_of_a_message_whatever_quotes_it_holds() {
        let message = "invalid input syntax for type integer: \"a \" b\" (SQLSTATE 22P02)";
        let told = without_quoted(message);
        assert_eq!(told, "invalid input syntax for type integer: (a value, not shown) (SQLSTATE 22P02)");
        assert_eq!(without_quoted("division by zero"), "division by zero");
    }
}
