//! Two spellings of one thing become one text: the server words both again, until its wording no longer changes.
//!
//! A condition that was written as `v in ('x')` is worded as an array, and that wording, loaded from a dump, is worded
//! once more otherwise. Only what differs is made anew: under a name of its own, among what is temporary, and rolled back.

use super::constant::straight;
use super::frame::Frame;
use super::reload::Reload;
use super::{NOT_GRANTED, Reach, failed, told};
use crate::postgres::PostgresError;
use crate::postgres::writer::Writer;
use crate::schema::inventory::{Inventory, Item};

/// How often a wording may change before it is given up.
const ROUNDS: usize = 5;
/// Where something can be made for a moment: by whoever may make temporary tables, or else a schema.
const TEMPORARY: &str = "pg_temp";
const SCRATCH: &str = "strait_wording";

/// Each attempt stands beside those before it: with each that is open around it the server looks up names more slowly.
const TAKE_BACK: &str = "rollback to savepoint strait_attempt; release savepoint strait_attempt";

/// The texts of one thing's facts.
type Texts = Vec<(&'static str, String)>;

/// Has the server word the texts in which two inventories differ, until they are equal or no longer change.
///
/// What cannot be made anew stays as it is: a difference is never hidden. Tells whether anything could be made at all.
pub async fn agree_on_wording(
    writer: &mut Writer,
    reach: Reach<'_>,
    expected: &mut Inventory,
    found: &mut Inventory,
) -> Result<bool, PostgresError> {
    let pairs = differing(expected, found);
    if pairs.is_empty() {
        return Ok(true);
    }
    let frame = Frame { inside: reach.in_transaction, read_only: false };
    let agreed = agree_in(writer, frame, reach, expected, found, &pairs).await;
    let closed = frame.close(writer).await;
    let is_worded = told(writer, agreed).await?;
    closed.map_err(failed)?;
    Ok(is_worded)
}

/// The places of those things that both have, and of which a text of SQL differs.
fn differing(expected: &Inventory, found: &Inventory) -> Vec<(usize, usize)> {
    let key = |item: &Item| (item.kind, item.part_of.clone(), item.name.clone());
    let there: std::collections::HashMap<_, usize> =
        found.items.iter().enumerate().map(|(at, item)| (key(item), at)).collect();
    let pair = |(at, item): (usize, &Item)| {
        let other = *there.get(&key(item))?;
        let partner = &found.items[other];
        let differs = |fact: &&crate::schema::inventory::Fact| {
            let text = partner.fact(fact.what);
            fact.is_sql && text.is_some_and(|text| text != fact.value)
        };
        item.facts.iter().find(differs).map(|_| (at, other))
    };
    expected.items.iter().enumerate().filter_map(pair).collect()
}

async fn agree_in(
    writer: &mut Writer,
    frame: Frame,
    reach: Reach<'_>,
    expected: &mut Inventory,
    found: &mut Inventory,
    pairs: &[(usize, usize)],
) -> Result<bool, PostgresError> {
    frame.open(writer, reach.schema).await.map_err(failed)?;
    let Some(place) = place(writer).await? else { return Ok(false) };
    for (wanted, there) in pairs {
        let (mut wanted_moves, mut there_moves) = (true, true);
        for _ in 0..ROUNDS {
            if wanted_moves {
                wanted_moves = word_again(writer, expected, *wanted, place).await?;
            }
            if there_moves && !same_texts(&expected.items[*wanted], &found.items[*there]) {
                there_moves = word_again(writer, found, *there, place).await?;
            }
            let equal = same_texts(&expected.items[*wanted], &found.items[*there]);
            if equal || !wanted_moves && !there_moves {
                break;
            }
        }
    }
    Ok(true)
}

fn same_texts(expected: &Item, found: &Item) -> bool {
    expected.facts.iter().filter(|fact| fact.is_sql).all(|fact| found.fact(fact.what) == Some(fact.value.as_str()))
}

/// Finds where things can be made; nowhere when this role may make nothing.
async fn place(writer: &mut Writer) -> Result<Option<&'static str>, PostgresError> {
    let temporary = "create table pg_temp.strait_wording ()";
    if attempt(writer, temporary, "select 1").await?.is_some() {
        return Ok(Some(TEMPORARY));
    }
    let scratch = format!(
        "create schema {SCRATCH}; \
         select set_config('search_path', current_setting('search_path') || ', {SCRATCH}', true)"
    );
    // Made outside of an attempt, since it must stay for those that follow; what fails is taken back all the same.
    writer.run("savepoint strait_place").await.map_err(failed)?;
    match writer.run(&scratch).await {
        Ok(_) => Ok(Some(SCRATCH)),
        Err(says) if says.is_lost() => Err(failed(says)),
        Err(_) => {
            writer.run("rollback to savepoint strait_place").await.map_err(failed)?;
            Ok(None)
        }
    }
}

/// Has the server word one thing's texts once more; tells whether that changed anything.
async fn word_again(
    writer: &mut Writer,
    inventory: &mut Inventory,
    at: usize,
    place: &str,
) -> Result<bool, PostgresError> {
    let item = &inventory.items[at];
    let Some(reload) = Reload::of(item, inventory, place) else { return Ok(false) };
    let Some(row) = attempt(writer, &straight(&reload.make), &reload.ask).await? else { return Ok(false) };
    let told = reload.whats.iter().zip(row);
    let texts: Texts = told.filter_map(|(what, text)| Some((*what, reload.text(what, &text?)))).collect();
    Ok(put(&mut inventory.items[at], texts))
}

fn put(item: &mut Item, texts: Texts) -> bool {
    let mut changed = false;
    for (what, text) in texts {
        if let Some(fact) = item.facts.iter_mut().find(|fact| fact.what == what && fact.value != text) {
            fact.value = text;
            changed = true;
        }
    }
    changed
}

/// Makes something, asks, and takes it back; nothing when it cannot be made.
async fn attempt(
    writer: &mut Writer,
    make: &str,
    ask: &str,
) -> Result<Option<crate::postgres::writer::Row>, PostgresError> {
    let script = format!("savepoint strait_attempt; {make}; {ask}; {TAKE_BACK}");
    match writer.query(&script, &[]).await {
        Ok((rows, _)) => Ok(rows.into_iter().next()),
        Err(says) if says.is_lost() || says.code() == Some(NOT_GRANTED) => Err(failed(says)),
        Err(says) => {
            tracing::debug!(%says, "a text cannot be worded anew");
            writer.run(TAKE_BACK).await.map_err(failed)?;
            Ok(None)
        }
    }
}
