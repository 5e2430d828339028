//! PostgreSQL itself is asked: what we take for JSON it takes, and what we say a document means, `jsonb` prints.

use strait::value::json::{Canonicaliser, canonical, validate};

use crate::support::{Database, fresh_database};

const DOCUMENTS: usize = 20_000;
/// How many documents are asked for at once: a statement must fit into one argument of a program.
const BATCH: usize = 250;
/// The longest document; most are far shorter.
const LONGEST: usize = 200;

/// A source of random numbers that gives the same ones in every run. Source: Marsaglia, "Xorshift RNGs", 2003.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("it is below a usize")
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

const NUMBERS: [&str; 20] = [
    "0",
    "-0",
    "1",
    "-1",
    "1.0",
    "1.50",
    "0.1e-5",
    "1E400",
    "1e131072",
    "-1e-400",
    "12345678901234567890",
    "1e+2",
    "10e-1",
    "0.0000000000000000000001",
    "1.7976931348623157e309",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
];
const PIECES: [&str; 24] = [
    "a",
    "b",
    "é",
    "😀",
    " ",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\u0041",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\u0000",
    "\\ud800",
    "\\udc00",
    "\\uD83D",
    "\\x",
    "\t",
    "\u{1}",
    "\u{7f}",
    "'",
    "\\u12",
    "null",
    "key",
];
const KEYS: [&str; 8] = ["\"a\"", "\"b\"", "\"aa\"", "\"\"", "\"é\"", "\"\\u0061\"", "\"a b\"", "\"ab\""];
const BLANKS: [&str; 6] = ["", "", "", " ", "\n", "\t\r "];
const STRAYS: [&str; 22] = [
    "{", "}", "[", "]", "\"", ",", ":", "\\", "u", "0", "e", "E", "+", "-", ".", " ", "t", "n", "\u{b}", "\u{a0}",
    "\u{feff}", "/",
];

fn document(random: &mut Random, depth: usize, out: &mut String) {
    out.push_str(random.one_of(&BLANKS));
    match random.below(if depth == 0 { 4 } else { 7 }) {
        0 => out.push_str(random.one_of(&NUMBERS)),
        1 => out.push_str(random.one_of(&["true", "false", "null", "null", "NaN", "nul", "True"])),
        2 | 3 => text(random, out),
        4 | 5 => {
            let members = random.below(5);
            out.push('{');
            for at in 0..members {
                out.push_str(if at == 0 { "" } else { "," });
                out.push_str(random.one_of(&BLANKS));
                out.push_str(random.one_of(&KEYS));
                out.push_str(random.one_of(&BLANKS));
                out.push(':');
                document(random, depth - 1, out);
            }
            out.push('}');
        }
        _ => {
            let elements = random.below(5);
            out.push('[');
            for at in 0..elements {
                out.push_str(if at == 0 { "" } else { "," });
                document(random, depth - 1, out);
            }
            out.push(']');
        }
    }
    out.push_str(random.one_of(&BLANKS));
}

fn text(random: &mut Random, out: &mut String) {
    out.push('"');
    for _ in 0..random.below(4) {
        // Most pieces are those that may stand in a string.
        let most = if random.below(8) == 0 { PIECES.len() } else { 12 };
        out.push_str(PIECES[random.below(most)]);
    }
    out.push('"');
}

/// Takes a character out, puts one in, or puts one in the place of another.
fn damage(random: &mut Random, document: &mut String) {
    let places: Vec<usize> = document.char_indices().map(|(at, _)| at).chain([document.len()]).collect();
    let at = places[random.below(places.len())];
    if random.below(3) > 0 && at < document.len() {
        document.remove(at);
    }
    if random.below(3) > 0 {
        document.insert_str(at, random.one_of(&STRAYS));
    }
}

fn documents() -> Vec<String> {
    let mut random = Random(0x5eed_1234_abcd_0001);
    let mut documents = Vec::with_capacity(DOCUMENTS);
    while documents.len() < DOCUMENTS {
        let mut text = String::new();
        let depth = random.below(4);
        document(&mut random, depth, &mut text);
        if random.below(3) == 0 {
            damage(&mut random, &mut text);
        }
        if text.len() <= LONGEST {
            documents.push(text);
        }
    }
    documents
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the server says of each document: whether `json` takes it, and what `jsonb` prints when it takes it.
fn ask(server: &Database, documents: &[String]) -> Vec<(bool, Option<String>)> {
    let rows: Vec<String> =
        documents.iter().enumerate().map(|(at, text)| format!("({at},'{}')", hex(text.as_bytes()))).collect();
    let answers = server.psql(&format!(
        "select is_json(d), coalesce(encode(convert_to(as_jsonb(d), 'UTF8'), 'hex'), 'refused') from (select n, \
         convert_from(decode(h, 'hex'), 'UTF8') d from (values {}) v (n, h)) x order by n",
        rows.join(",")
    ));
    let answer = |line: &str| {
        let (json, jsonb) = line.split_once('|').expect("two columns");
        let bytes = |hex: &str| -> Vec<u8> {
            hex.as_bytes()
                .chunks(2)
                .map(|pair| {
                    std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).expect("hex")
                })
                .collect()
        };
        let printed = (jsonb != "refused").then(|| String::from_utf8(bytes(jsonb)).expect("jsonb prints UTF-8"));
        (json == "t", printed)
    };
    answers.lines().map(answer).collect()
}

fn meaning(text: &str) -> Option<String> {
    let mut out = Vec::new();
    canonical(text, &mut Canonicaliser::default(), &mut out).ok()?;
    Some(String::from_utf8(out).expect("a canonical document is UTF-8"))
}

#[test]
fn postgresql_and_we_agree_on_twenty_thousand_documents() {
    let server = fresh_database();
    server.psql(
        "create function is_json(d text) returns boolean language plpgsql as
           $$ begin perform d::json; return true; exception when others then return false; end $$;
         create function as_jsonb(d text) returns text language plpgsql as
           $$ begin return d::jsonb::text; exception when others then return null; end $$",
    );
    let (mut as_json, mut as_jsonb) = (0, 0);
    for batch in documents().chunks(BATCH) {
        let answers = ask(&server, batch);
        assert_eq!(answers.len(), batch.len());
        for (text, (is_json, printed)) in batch.iter().zip(answers) {
            assert_eq!(validate(text).is_ok(), is_json, "json: {text:?}");
            let own = meaning(text);
            assert_eq!(own.is_some(), printed.is_some(), "jsonb: {text:?}");
            if let Some(printed) = printed {
                assert_eq!(own, meaning(&printed), "{text:?} is printed as {printed}");
                as_jsonb += 1;
            }
            as_json += usize::from(is_json);
        }
    }
    // Both sides of the question are asked often enough.
    assert!((DOCUMENTS / 4..DOCUMENTS * 9 / 10).contains(&as_json), "{as_json} are JSON");
    assert!((DOCUMENTS / 4..as_json).contains(&as_jsonb), "{as_jsonb} are jsonb");
}
