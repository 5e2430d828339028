//! The cast rules, as a person reads of them on a terminal.

use std::io::{self, Write};

use super::text::grid;
use crate::value::relax::Allowance;
use crate::value::rule::Facts;

/// Writes a table of the rules, and what can be allowed.
pub fn list(rules: &[&Facts], out: &mut dyn Write) -> io::Result<()> {
    let mut table = grid(&["rule", "nature", "from", "to", "asked for by"]);
    for rule in rules {
        table.add_row([rule.name, rule.nature.name(), rule.from, rule.into, rule.option.unwrap_or("–")]);
    }
    writeln!(out, "{table}")?;
    writeln!(out, "normalised: the value is the same in another form. lossy: part of it is lost. warned: it is kept.")?;
    writeln!(out, "A value that no rule takes sets its row aside, with the reason.")?;
    writeln!(
        out,
        "A rule that is asked for by NAME=HOW is allowed with --allow 'GLOB:NAME=HOW', GLOB over table.column:"
    )?;
    Allowance::FORMS.iter().try_for_each(|form| writeln!(out, "  {form}"))
}
