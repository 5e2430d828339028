//! The drawn form of a cast table: read with what goes in, written with what came out.

use sha2::Digest as _;

/// The most characters of a cell that are drawn.
const WIDEST: usize = 60;
const HEAD: [&str; 5] = ["stored", "class", "becomes", "PostgreSQL", "read back"];

/// The examples that go into columns of one type, read in one way.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// What the names of its tables begin with.
    pub(super) name: String,
    /// The target's type.
    pub(super) column: String,
    /// SQL that the target needs first.
    pub(super) before: String,
    /// More of the command line.
    pub(super) flags: Vec<String>,
    /// The same for the second copy, of what was read back.
    pub(super) again: Vec<String>,
    pub(super) examples: Vec<Example>,
}

/// One value, as SQL writes it into SQLite, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Example {
    pub(super) stored: String,
    pub(super) class: String,
    pub(super) becomes: String,
    pub(super) shown: String,
    pub(super) back: String,
}

impl Section {
    /// The name of the table that holds an example.
    pub(super) fn table(&self, at: usize) -> String {
        format!("{}_{:02}", self.name, at + 1)
    }
}

/// Reads the sections of a file: `= NAME: TYPE`, then `KEY: VALUE` lines, the head, and a line for each example.
pub(super) fn parse(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("= ") {
            let (name, column) = head.split_once(": ").expect("a section has a name and a type");
            sections.push(Section { name: name.to_owned(), column: column.to_owned(), ..Section::default() });
        } else if let Some(section) = sections.last_mut().filter(|_| !line.is_empty() && !is_head(line)) {
            let words = |words: &str| words.split(' ').map(str::to_owned).collect();
            match line.split_once(": ") {
                Some(("before", sql)) => sql.clone_into(&mut section.before),
                Some(("flags", flags)) => section.flags = words(flags),
                Some(("again", flags)) => section.again = words(flags),
                _ => {
                    let stored = line.split(" | ").next().expect("a line has a beginning").trim().to_owned();
                    section.examples.push(Example { stored, ..Example::default() });
                }
            }
        }
    }
    sections
}

fn is_head(line: &str) -> bool {
    line.starts_with("stored ") || line.starts_with("---")
}

/// Draws the sections in the place of those of a file's text, below the words with which it begins.
pub(super) fn write(text: &str, sections: &[Section]) -> String {
    let words = text.split("\n= ").next().expect("a text has a beginning").trim_end();
    let mut drawn = format!("{words}\n");
    for section in sections {
        drawn.push_str(&format!("\n= {}: {}\n", section.name, section.column));
        let flags = |flags: &[String]| flags.join(" ");
        for (key, value) in
            [("before", section.before.clone()), ("flags", flags(&section.flags)), ("again", flags(&section.again))]
        {
            if !value.is_empty() {
                drawn.push_str(&format!("{key}: {value}\n"));
            }
        }
        drawn.push_str(&grid(section));
    }
    drawn
}

fn grid(section: &Section) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(section.examples.iter().map(|example| {
        let Example { stored, class, becomes, shown, back } = example;
        [stored.clone(), class.clone(), becomes.clone(), shortened(shown), shortened(back)]
    }));
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|at| rows.iter().map(|row| row[at].chars().count()).max().expect("there is a head"))
        .collect();
    let line = |row: &[String; 5]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", cells.join(" | ").trim_end())
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.insert(1, format!("{}\n", rule.join("-|-")));
    lines.concat()
}

/// A cell in one line that is not too wide: of a long one the beginning, the length and a hash.
fn shortened(cell: &str) -> String {
    let line: String =
        cell.chars().map(|one| if one.is_control() { one.escape_default().to_string() } else { one.into() }).collect();
    if line.chars().count() <= WIDEST {
        return line;
    }
    let beginning: String = line.chars().take(20).collect();
    let hash: String = sha2::Sha256::digest(cell).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{beginning}… ({} characters, {hash})", cell.chars().count())
}
