//! Why texts of a column that is declared as dates or times are none, and how they can become some all the same.

use super::types;
use crate::sqlite::profile::ColumnProfile;

/// Counts the texts of a column declared as dates or times by what keeps them from being some; nothing for another column.
pub(super) fn faults(declared: &str, profile: &ColumnProfile) -> Vec<String> {
    if !types::is_time(declared) {
        return Vec::new();
    }
    let times = &profile.times;
    let fine = times.fine + times.fine_of_day;
    let alone = if times.dated() + times.fine > 0 { times.times_of_day } else { 0 };
    let read = times.dated() + times.far_dates + times.times_of_day + fine;
    let others = profile.texts.saturating_sub(read + profile.empty_texts + profile.unfit_texts);
    let counts = [
        (fine, "with digits beyond microseconds"),
        (times.far_dates, "too late for a timestamp"),
        (profile.empty_texts, "empty"),
        (alone, "a time of day alone"),
        (profile.nul_texts, "with NUL"),
        (profile.unfit_texts - profile.nul_texts, "not UTF-8"),
        (others, "no date or time"),
    ];
    counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
}

/// The same beside the counts of the classes: ` (1 empty)`.
pub(super) fn in_brackets(declared: &str, profile: &ColumnProfile) -> String {
    let faults = faults(declared, profile).join(", ");
    match profile.values() == profile.texts {
        _ if faults.is_empty() => faults,
        true => format!(" ({faults})"),
        false => format!(" (of the texts: {faults})"),
    }
}

/// What makes dates and times of texts of which some are empty or have too many digits; nothing where others are among
/// them, or none of these.
pub(super) fn offer(place: &str, profile: &ColumnProfile) -> Option<String> {
    let times = &profile.times;
    let read = times.dated() + times.fine;
    if read == 0 || read == times.dated() && profile.empty_texts == 0 || read + profile.empty_texts != profile.values()
    {
        return None;
    }
    let logical = if times.zoned + times.fine_zoned > 0 { "timestamptz" } else { "timestamp" };
    let round = if times.fine > 0 { format!(" --allow '{place}:ns=round'") } else { String::new() };
    let null = if profile.empty_texts > 0 { format!(" --allow '{place}:empty=null'") } else { String::new() };
    let loss = match (times.fine > 0, profile.empty_texts > 0) {
        (true, false) => "times of microseconds",
        (false, true) => "times, and NULL of empty texts",
        _ => "times of microseconds, and NULL of empty texts",
    };
    Some(format!("; --column '{place}={logical}'{round}{null} makes them {loss}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::profile::TimeProfile;

    fn texts(texts: u64, empty_texts: u64, times: TimeProfile) -> ColumnProfile {
        ColumnProfile { texts, empty_texts, times, ..ColumnProfile::default() }
    }

    #[test]
    fn each_fault_is_counted_for_itself() {
        let times = TimeProfile { naive: 2, fine: 3, times_of_day: 1, ..TimeProfile::default() };
        let mixed = texts(11, 1, times);
        let expected =
            " (3 with digits beyond microseconds, 1 empty, 1 a time of day alone, 4 no date or time)".to_owned();
        assert_eq!(in_brackets("datetime", &mixed), expected);
        let numbered = ColumnProfile { integers: 1, ..texts(1, 1, TimeProfile::default()) };
        assert_eq!(in_brackets("DATE", &numbered), " (of the texts: 1 empty)");
        assert_eq!(in_brackets("text", &mixed), "");
        let right = texts(2, 0, TimeProfile { naive: 2, ..TimeProfile::default() });
        assert_eq!(in_brackets("datetime", &right), "");
    }

    #[test]
    fn times_are_offered_where_nothing_else_is_among_the_texts() {
        let fine = TimeProfile { fine: 2, fine_zoned: 2, ..TimeProfile::default() };
        let asked = "; --column 't.c=timestamptz' --allow 't.c:ns=round' makes them times of microseconds";
        assert_eq!(offer("t.c", &texts(2, 0, fine.clone())).as_deref(), Some(asked));
        let null = offer("t.c", &texts(3, 1, TimeProfile { naive: 2, ..TimeProfile::default() }));
        assert!(null.is_some_and(|asked| asked.contains("'t.c=timestamp' --allow 't.c:empty=null'")));
        assert_eq!(offer("t.c", &texts(3, 0, fine)), None);
        assert_eq!(offer("t.c", &texts(2, 0, TimeProfile { naive: 2, ..TimeProfile::default() })), None);
        assert_eq!(offer("t.c", &texts(2, 2, TimeProfile::default())), None);
    }
}
