//! The words that are names only in double quotes.

/// Words that PostgreSQL reserves, and those of them with which SQLite begins a constraint or a clause.
///
/// Source: PostgreSQL manual, "SQL Key Words", those marked reserved; SQLite, "SQLite Keywords", those without fallback.
const RESERVED: &str = " add all alter analyse analyze and any array as asc asymmetric between both case cast check \
    collate column commit constraint create current_catalog current_date current_role current_time current_timestamp \
    current_user default deferrable delete desc distinct do drop else end escape except exists false fetch for foreign \
    from grant group having if in index initially insert intersect into is isnull join lateral leading limit localtime \
    localtimestamp not nothing notnull null offset on only or order placing primary references returning select \
    session_user set some symmetric table then to trailing transaction true union unique update user using values \
    variadic when where window with ";

/// Tells whether a word must be quoted to be a name.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&format!(" {word} "))
}
