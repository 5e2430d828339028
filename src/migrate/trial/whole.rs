//! The whole way: from the heads down to base, as far as it goes, and up again; then the records.

use super::outcome::{EngineTrial, Leg, Verdict};
use super::picture::Picture;
use super::turn::{Down, Turn, told};
use super::walk::Walk;
use crate::migrate::graph::Way;
use crate::migrate::state::{self, Outcome};
use crate::migrate::{MigrateError, Migrator};

impl Walk<'_> {
    /// Goes down from the heads, to base or to the first revision that cannot be taken back, and up again.
    pub(super) async fn whole(
        &mut self,
        turns: &[Turn<'_>],
        base: &Picture,
        trial: &mut EngineTrial,
    ) -> Result<(), MigrateError> {
        let top = self.picture().await?;
        let stop = trial.revisions.iter().rposition(|revision| !revision.comes_back());
        trial.stopped_by = stop.map(|at| turns[at].id.clone());
        let these = &turns[stop.map_or(0, |at| at + 1)..];
        if these.is_empty() {
            trial.whole = Leg { verdict: Verdict::Needless, told: Vec::new() };
            return Ok(());
        }
        let mut differences = Vec::new();
        for turn in these.iter().rev() {
            let Down::Ready(down) = &turn.down else { continue };
            if let Err(error) = self.go(down).await {
                trial.whole = failed(turn, "down", &error);
                return Ok(());
            }
        }
        if stop.is_none() {
            let left = self.picture().await?;
            let left = base.differences(&left, self.database()).await?;
            differences.extend(left.into_iter().map(|line| format!("at base: {line}")));
        }
        for turn in these {
            let Ok(up) = &turn.up else { continue };
            if let Err(error) = self.go(up).await {
                trial.whole = failed(turn, "up again", &error);
                return Ok(());
            }
        }
        let again = self.picture().await?;
        let again = top.differences(&again, self.database()).await?;
        differences.extend(again.into_iter().map(|line| format!("up again: {line}")));
        trial.whole = Leg::unless(differences);
        Ok(())
    }

    /// Says what the version rows and the history tell otherwise than it was.
    pub(super) async fn wrong_records(
        &mut self,
        migrator: &Migrator,
        at_heads: bool,
    ) -> Result<Vec<String>, MigrateError> {
        let mut wrong = Vec::new();
        let expected = &self.applier.rows;
        let versions = state::read_versions(self.applier.database).await?;
        if !versions.iter().eq(expected) {
            wrong.push(format!("the version rows say {}", in_words(&versions)));
        }
        let mut heads = migrator.graph.rows_at_heads();
        heads.sort_unstable();
        if at_heads && !versions.iter().eq(&heads) {
            wrong.push(format!("the version rows say {}, and the heads are {}", in_words(&versions), heads.join(", ")));
        }
        let history = state::read_history(self.applier.database).await?;
        let done = history.iter().filter(|record| record.outcome == Outcome::Done);
        let told: Vec<(&str, &str)> = done.map(|record| (record.revision.as_str(), record.way.name())).collect();
        let taken: Vec<(&str, &str)> = self.taken.iter().map(|(id, way)| (id.as_str(), name(*way))).collect();
        if told != taken {
            wrong.push(format!("the history tells of {} steps, and {} were taken", told.len(), taken.len()));
        }
        Ok(wrong)
    }
}

fn failed(turn: &Turn<'_>, way: &str, error: &MigrateError) -> Leg {
    let mut lines = vec![format!("{} {way}:", turn.id)];
    lines.extend(told(error));
    Leg::failed(lines)
}

fn name(way: Way) -> &'static str {
    match way {
        Way::Up => "up",
        Way::Down => "down",
    }
}

fn in_words(versions: &[String]) -> String {
    if versions.is_empty() { "base".into() } else { versions.join(", ") }
}
