//! A retry under way: rejects are tried table by table, parents first, and then those together that wait for each other.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::lots::lots;
use super::meeting::{Met, meet};
use super::outcome::Retried;
use super::plans::Plans;
use super::retry::Open;
use super::waiting::{Row, links, lots_that_wait, parents_first};
use super::{objects, standing};
use crate::copy::canonical::Besides;
use crate::copy::choice::Applied;
use crate::copy::isolate::load_again;
use crate::copy::orphans::reference::Reference;
use crate::copy::plan::{Plan, TablePlan};
use crate::copy::reject::RejectSummary;
use crate::copy::together::{Part, Together, load_together};
use crate::copy::{CopyError, sequences};
use crate::event::{Event, Observer};
use crate::postgres::Session;
use crate::postgres::names::literal;
use crate::schema::order::dependency_order;
use crate::sqlite::Snapshot;
use crate::value::Key;
use crate::value::tally::Tally;

/// What came of trying rejects once.
#[derive(Debug, Default)]
pub(super) struct Pass {
    pub(super) loaded: u64,
    /// Rows that the source no longer has.
    pub(super) gone: u64,
    /// Rows of which it is not certain that they are those that were set aside.
    pub(super) strange: u64,
    /// The rules that were applied to the rows that were loaded.
    pub(super) tally: Tally,
    /// What was set aside again.
    pub(super) kept: RejectSummary,
}

/// A table whose rejects are tried.
struct Trial {
    /// Of this table alone.
    plan: Arc<Plan>,
    told: Retried,
}

impl Trial {
    fn table(&self) -> &TablePlan {
        &self.plan.tables[0]
    }

    fn is_of(&self, reject: &Open) -> bool {
        reject.table == self.told.name
    }
}

/// A retry under way.
pub(super) struct Attempt<'a> {
    pub(super) session: &'a mut Session,
    pub(super) snapshot: &'a Arc<Snapshot>,
    pub(super) schema: &'a str,
    /// SQL that is true of the rejects that are meant.
    pub(super) only: &'a str,
    pub(super) plans: &'a Plans,
    pub(super) forget_gone: bool,
    pub(super) forget_unrecognised: bool,
    pub(super) observer: &'a Arc<dyn Observer>,
    /// What a person should know.
    pub(super) notices: Vec<String>,
}

impl Attempt<'_> {
    /// Tries the rejects of all tables until none fits any more, parents before children; tables that are not on both sides
    /// come last.
    pub(super) async fn all(&mut self, rejects: Vec<Open>) -> Result<Vec<Retried>, CopyError> {
        let (mut trials, untried) = self.trials(&rejects);
        let references = self.plans.references(trials.iter().map(Trial::table));
        let mut left = rejects;
        loop {
            let mut loaded = 0;
            for (place, trial) in trials.iter_mut().enumerate() {
                let own = left.iter().filter(|reject| trial.is_of(reject)).cloned().collect();
                loaded += self.table(trial, place, &references, own).await?;
            }
            let together = self.together(&mut trials, &references).await?;
            // What was loaded of one table may be what rows of another wait for.
            if together == 0 && (loaded == 0 || trials.len() == 1 || references.is_empty()) {
                break;
            }
            left = find(self.session, self.only).await?;
        }
        for trial in trials.iter().filter(|trial| trial.told.loaded > 0) {
            for left in sequences::follow(self.session, &trial.plan, None).await? {
                self.observer.notice(&Event::Notice { text: &format!("{} {}: {}", left.kind, left.name, left.reason) });
            }
        }
        Ok(trials.into_iter().map(|trial| trial.told).chain(untried).collect())
    }

    /// The tables that have rejects, and those of them of which none can be tried.
    fn trials(&self, rejects: &[Open]) -> (Vec<Trial>, Vec<Retried>) {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        rejects.iter().for_each(|reject| *counts.entry(&reject.table).or_default() += 1);
        let (mut trials, mut untried) = (Vec::new(), Vec::new());
        let schema = &self.plans.structure.schema;
        for at in dependency_order(schema).into_iter().flatten() {
            let name = schema.tables[at].name.as_str();
            let Some(rows) = counts.remove(name) else { continue };
            let Some(table) = self.plans.plan(at, &mut Applied::default()) else {
                untried.push(Retried::untried(name, rows, "the target has no such table"));
                continue;
            };
            let (gone_forgotten, unrecognised_forgotten) = (self.forget_gone, self.forget_unrecognised);
            let told = Retried { gone_forgotten, unrecognised_forgotten, ..Retried::new(name, rows) };
            trials.push(Trial { plan: Arc::new(self.plan_of(table)), told });
        }
        let lost = counts.into_iter();
        untried.extend(lost.map(|(name, rows)| Retried::untried(name, rows, "the source has no such table any more")));
        (trials, untried)
    }

    fn plan_of(&self, table: TablePlan) -> Plan {
        Plan {
            schema: self.schema.to_owned(),
            tables: vec![table],
            besides: Besides::default(),
            references: Vec::new(),
            views: Vec::new(),
            skipped: Vec::new(),
            histories: Vec::new(),
            chosen: Vec::new(),
            profiles: BTreeMap::new(),
            left_out: Vec::new(),
            open: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// Tries the rejects of one table until none fits any more; gives how many were loaded.
    async fn table(
        &mut self,
        trial: &mut Trial,
        place: usize,
        references: &[Reference],
        mut rejects: Vec<Open>,
    ) -> Result<u64, CopyError> {
        let (name, before) = (trial.told.name.clone(), trial.told.loaded);
        self.observer.notice(&Event::TableStarted { table: &name, rows: rejects.len() as u64 });
        loop {
            let pass = self.pass(trial, place, references, &rejects).await?;
            trial.told.take(&pass);
            // A row may refer to another that has only now arrived.
            if pass.loaded == 0 || pass.kept.reasons.is_empty() {
                break;
            }
            let only = format!("{} and j.table_name = {}", self.only, literal(&name));
            rejects = find(self.session, &only).await?;
        }
        self.observer.notice(&Event::TableFinished { table: &name });
        Ok(trial.told.loaded - before)
    }

    /// Tries rejects once, lot by lot.
    async fn pass(
        &mut self,
        trial: &Trial,
        place: usize,
        references: &[Reference],
        rejects: &[Open],
    ) -> Result<Pass, CopyError> {
        let table = trial.table();
        let met = meet(self.session, self.snapshot, self.schema, table, rejects).await?;
        let (rejects, met) = self.sorted(place, table, references, rejects, met).await?;
        let those =
            |wanted: Met| rejects.iter().zip(&met).filter(move |(_, met)| **met == wanted).map(|(one, _)| one.id);
        let (gone, strange): (Vec<i64>, Vec<i64>) = (those(Met::Gone).collect(), those(Met::Strange).collect());
        let mut pass = Pass { gone: gone.len() as u64, strange: strange.len() as u64, ..Pass::default() };
        for lot in lots(&rejects, &met) {
            let forget = forget(&lot.ids);
            let done = load_again(self.session, self.snapshot, &trial.plan, 0, &lot.which, &forget, lot.run).await?;
            pass.loaded += done.digest.rows;
            pass.tally.add(&done.tally);
            pass.kept.add(done.rejects);
            let (table, rows) = (&table.source.name, lot.ids.len() as u64);
            self.observer.notice(&Event::Progressed { table, rows, bytes: done.bytes });
        }
        for (ids, is_wanted) in [(gone, self.forget_gone), (strange, self.forget_unrecognised)] {
            if is_wanted && !ids.is_empty() {
                self.session.execute("forget rejects", forget(&ids)).await?;
            }
        }
        Ok(pass)
    }

    /// Puts rejects behind those of the same table that they refer to.
    async fn sorted(
        &self,
        place: usize,
        table: &TablePlan,
        references: &[Reference],
        rejects: &[Open],
        met: Vec<Met>,
    ) -> Result<(Vec<Open>, Vec<Met>), CopyError> {
        let (here, others): (Vec<usize>, Vec<usize>) = (0..met.len()).partition(|at| matches!(met[*at], Met::Here(_)));
        let own: Vec<Reference> =
            references.iter().filter(|one| (one.child, one.parent) == (place, place)).cloned().collect();
        let rows: Vec<Row> = here.iter().filter_map(|at| Some((place, met[*at].key()?.clone()))).collect();
        let order = parents_first(&links(self.snapshot, vec![(place, table.read.clone())], own, rows).await?);
        let order = others.into_iter().chain(order.into_iter().map(|at| here[at]));
        Ok(order.map(|at| (rejects[at].clone(), met[at].clone())).unzip())
    }

    /// Tries the rejects that refer to other rejects, each with those that refer to it in turn; gives how many were loaded.
    async fn together(&mut self, trials: &mut [Trial], references: &[Reference]) -> Result<u64, CopyError> {
        if references.is_empty() {
            return Ok(0);
        }
        let left = find(self.session, self.only).await?;
        let (mut ids, mut rows): (Vec<i64>, Vec<Row>) = (Vec::new(), Vec::new());
        for (place, trial) in trials.iter().enumerate() {
            let own: Vec<Open> = left.iter().filter(|reject| trial.is_of(reject)).cloned().collect();
            let met = meet(self.session, self.snapshot, self.schema, trial.table(), &own).await?;
            for (reject, met) in own.iter().zip(met) {
                if let Met::Here(key) = met {
                    ids.push(reject.id);
                    rows.push((place, key));
                }
            }
        }
        let reads = trials.iter().map(|trial| trial.table().read.clone()).enumerate().collect();
        let links = links(self.snapshot, reads, references.to_vec(), rows.clone()).await?;
        let (mut arrived, mut loaded) = (HashSet::new(), 0);
        for lot in lots_that_wait(&links) {
            let members: HashSet<usize> = lot.iter().copied().collect();
            let mut needed = lot.iter().flat_map(|row| &links[*row]);
            if needed.all(|row| members.contains(row) || arrived.contains(row))
                && self.lot(trials, lot.iter().map(|row| (ids[*row], &rows[*row]))).await?
            {
                loaded += lot.len() as u64;
                arrived.extend(lot);
            }
        }
        Ok(loaded)
    }

    /// Loads some rows, all or none; their notes stay as they are where they do not fit.
    async fn lot<'r>(
        &mut self,
        trials: &mut [Trial],
        rows: impl Iterator<Item = (i64, &'r Row)>,
    ) -> Result<bool, CopyError> {
        let (mut ids, mut keys): (Vec<i64>, BTreeMap<usize, Vec<Key>>) = (Vec::new(), BTreeMap::new());
        for (id, (place, key)) in rows {
            ids.push(id);
            keys.entry(*place).or_default().push(key.clone());
        }
        let places: Vec<usize> = keys.keys().copied().collect();
        let part = |(place, keys): (usize, Vec<Key>)| Part { plan: Arc::clone(&trials[place].plan), keys };
        let parts: Vec<Part> = keys.into_iter().map(part).collect();
        match load_together(self.session, self.snapshot, &parts, &forget(&ids)).await? {
            Together::Loaded(accounts) => {
                for (place, account) in places.into_iter().zip(accounts) {
                    trials[place].told.add(account.digest.rows, &account.tally);
                }
                Ok(true)
            }
            Together::Refused => Ok(false),
            Together::Forbidden => {
                let names: Vec<&str> = places.iter().map(|place| trials[*place].told.name.as_str()).collect();
                let notice = standing::may_not_wait(&names);
                if !self.notices.contains(&notice) {
                    self.notices.push(notice);
                }
                Ok(false)
            }
        }
    }
}

/// Reads what rejects there are, in the order in which they were kept.
pub(super) async fn find(session: &mut Session, only: &str) -> Result<Vec<Open>, CopyError> {
    let sql = format!(
        "select json_build_object('id', j.id, 'run', j.run, 'table', j.table_name, 'key', j.row_key)::text from \
         strait.reject j join strait.run r on r.id = j.run where {only} order by j.run, j.id"
    );
    objects(session, "find the rejects", sql).await
}

/// SQL that deletes rejects by their numbers.
fn forget(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    format!("delete from strait.reject where id in ({})", ids.join(", "))
}
