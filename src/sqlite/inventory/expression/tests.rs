//! Whatever an expression is, SQLite makes the same program of it and of its wording.

use proptest::prelude::*;
use rusqlite::Connection;

use crate::sqlite::inventory::words;

/// Operators between two operands, as people spell them.
const OPERATORS: [&str; 26] = [
    "or",
    "and",
    "=",
    "==",
    "<>",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&",
    "|",
    "<<",
    ">>",
    "+",
    "-",
    "*",
    "/",
    "%",
    "||",
    "->>",
    "is",
    "is not",
    "is distinct from",
    "IS NOT DISTINCT FROM",
    "AND",
];
const VALUES: [&str; 16] =
    ["a", "b", "c", "\"a\"", "[b]", "`C`", "1", "0", "2.5", "1e0", ".5E1", "007", "'x'", "null", "x'41'", "-1"];
const TESTS: [&str; 6] = ["isnull", "notnull", "not null", "is null", "is not null", "NOT NULL"];

/// Choices made by chance.
struct Chance<'c> {
    bytes: std::iter::Cycle<std::iter::Copied<std::slice::Iter<'c, u8>>>,
}

impl Chance<'_> {
    fn below(&mut self, count: usize) -> usize {
        let (high, low) = (self.bytes.next().unwrap_or(0), self.bytes.next().unwrap_or(0));
        usize::from(u16::from_be_bytes([high, low])) % count
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn operand(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.of(&VALUES).to_owned();
        }
        let below = depth - 1;
        match self.below(10) {
            0..=3 => self.of(&VALUES).to_owned(),
            4 => format!("({})", self.expression(below)),
            5 => format!("{} {}", self.of(&["not", "-", "+", "~", "NOT"]), self.operand(below)),
            6 => format!("{} ({})", self.of(&["abs", "LOWER", "typeof"]), self.expression(below)),
            7 => format!(
                "case when {} then {} else {} end",
                self.operand(below),
                self.operand(0),
                self.expression(below)
            ),
            8 => format!("cast({} as {})", self.expression(below), self.of(&["text", "INT", "varchar (10)"])),
            _ => format!("(({}))", self.operand(below)),
        }
    }

    /// Operands with operators between them, in no parentheses: SQLite says what belongs together.
    fn expression(&mut self, depth: usize) -> String {
        let mut text = self.operand(depth);
        for _ in 0..self.below(4) {
            let below = depth.saturating_sub(1);
            let operand = self.operand(below);
            let not = self.of(&["", "not "]);
            text = match self.below(11) {
                0..=4 => format!("{text} {} {operand}", self.of(&OPERATORS)),
                5 => format!("{text} {}", self.of(&TESTS)),
                6 => format!("{text} {not}like {operand}"),
                7 => format!("{text} {not}between {operand} and {}", self.operand(below)),
                // At the bottom the choices may come round again for ever.
                8 if depth > 0 => format!("{text} {not}in ({operand}, {})", self.expression(below)),
                8 => format!("{text} {not}in ({operand})"),
                9 => format!("{text} collate {}", self.of(&["nocase", "rtrim", "BINARY"])),
                _ => format!("{text} {not}like {operand} escape {}", self.of(&["'x'", "'!'"])),
            };
        }
        text
    }
}

fn worded(text: &str) -> String {
    let is_name = |word: &str| ["a", "b", "c"].iter().any(|name| name.eq_ignore_ascii_case(word));
    words::expression(words::of(text, &is_name).expect("it can be cut"))
}

/// The program that SQLite makes of an expression; none where it takes it for none.
fn program(connection: &Connection, expression: &str) -> Option<Vec<String>> {
    let mut statement = connection.prepare(&format!("explain select {expression} from t")).ok()?;
    let mut rows = statement.raw_query();
    let mut program = Vec::new();
    while let Some(row) = rows.next().expect("a program can be read") {
        let part = |column| format!("{:?}", row.get_ref(column).expect("it has the column"));
        program.push((1..6).map(part).collect::<Vec<_>>().join(" "));
    }
    Some(program)
}

fn table() -> Connection {
    let connection = Connection::open_in_memory().expect("a database in memory");
    connection.execute_batch("create table t (a int, b text collate nocase, c)").expect("a table can be made");
    connection
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_wording_is_the_same_program(bytes in prop::collection::vec(any::<u8>(), 64..160), depth in 1_usize..4) {
        let text = Chance { bytes: bytes.iter().copied().cycle() }.expression(depth);
        let connection = table();
        let expected = program(&connection, &text);
        prop_assume!(expected.is_some());
        let wording = worded(&text);
        prop_assert_eq!(program(&connection, &wording), expected, "{} is worded {}", text, wording);
        prop_assert_eq!(worded(&wording), wording);
    }

    #[test]
    fn needless_parentheses_change_no_wording(bytes in prop::collection::vec(any::<u8>(), 64..160), depth in 1_usize..3) {
        let mut chance = Chance { bytes: bytes.iter().copied().cycle() };
        let (first, second) = (chance.expression(depth), chance.expression(depth));
        let wording = worded(&format!("({first}) || ({second})"));
        prop_assert_eq!(worded(&format!("(((({first})))||\n(\t( {second} )))")), wording.clone());
        prop_assert_eq!(worded(&format!("(({})) || ({})", worded(&first), worded(&second))), wording);
    }
}
