//! The conditions of a view or a trigger, worded anew: what stands behind WHERE, ON, HAVING or WHEN is an expression.

use super::expression;
use super::words::is_among;

/// Words behind which a condition stands.
const BEFORE: &str = " where when having on ";
/// Words and signs before which it ends.
const BEHIND: &str = " ; , begin do then else where when group having window order limit union except intersect returning \
    join left right full inner cross natural ";

/// Words each condition anew that can be read; all else stays as it stands.
///
/// One that is cut too early, at a name that sounds like one of these words, has lost an operand and cannot be read.
pub(super) fn worded(words: Vec<String>) -> Vec<String> {
    let mut all = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        all.push(words[at].clone());
        at += 1;
        if is_among(BEFORE, &words[at - 1]) {
            let end = end(&words, at);
            if let Some(condition) = expression::worded(&words[at..end]) {
                all.extend(condition);
                at = end;
            }
        }
    }
    all
}

/// Where the condition that begins at a place ends.
fn end(words: &[String], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(start) {
        match word.as_str() {
            "(" | "case" => depth += 1,
            ")" | "end" if depth == 0 => return at,
            ")" | "end" => depth -= 1,
            word if depth == 0 && is_among(BEHIND, word) => return at,
            _ => {}
        }
    }
    words.len()
}

#[cfg(test)]
mod tests {
    use super::super::words::{always, of, statement};

    fn worded(sql: &str) -> String {
        statement(of(sql, &always).expect("it can be cut"))
    }

    #[test]
    fn needless_parentheses_in_conditions_are_none() {
        for (wording, spelling) in [
            ("select a from t where a > 0 and b < 1", "select a from t where ((a > 0)) and (b < (1))"),
            (
                "select a from t join u on t.a = u.a where b is not null group by a having a > 1",
                "select a from t join u on (t.a = u.a) where (b) not null group by a having ((a) > 1)",
            ),
            (
                "select a from t where a in (select b from u where b = 1 or b = 2)",
                "select a from t where (a in (select b from u where ((b = 1) or (b = 2))))",
            ),
            (
                "before insert on t when new.a > 0 begin delete from t where a = 1; end",
                "before insert on t when (new.a) > (0) begin delete from t where ((a) = 1); end",
            ),
            ("select case when a > 1 then b end from t", "select case when ((a) > (1)) then b end from t"),
            (
                "select a from t where case a when 1 then 2 end = 2",
                "select a from t where (case (a) when (1) then 2 end) = 2",
            ),
        ] {
            assert_eq!(worded(spelling), wording);
            assert_eq!(worded(wording), wording);
        }
    }

    #[test]
    fn what_is_no_condition_and_what_needs_them_stays() {
        for sql in [
            "select (a + 1) from t where (a or b) and c",
            "insert into t values (1) on conflict(a) do update set b = 1",
            "select (a + 1) from t where a - (b - 1) > 0",
        ] {
            assert_eq!(worded(sql), sql);
        }
    }
}
