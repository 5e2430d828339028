//! The words that lead to names or statements that do not stand in a text, or to what is the whole server's.

/// What may lead to names that do not stand in the text, or runs a text that is put together.
///
/// Source: PostgreSQL manual, "Functions and Operators" and "Additional Supplied Modules".
const LEADS: [&str; 20] = [
    "search_path",
    "set_config",
    "information_schema",
    "ts_stat",
    "ts_rewrite",
    "connectby",
    "xpath_table",
    "query_to_xml",
    "query_to_xmlschema",
    "query_to_xml_and_xmlschema",
    "cursor_to_xml",
    "table_to_xml",
    "table_to_xmlschema",
    "table_to_xml_and_xmlschema",
    "schema_to_xml",
    "schema_to_xmlschema",
    "schema_to_xml_and_xmlschema",
    "database_to_xml",
    "database_to_xmlschema",
    "database_to_xml_and_xmlschema",
];
/// How the functions of extensions begin that run a text, and the languages in which that cannot be told.
const RUNNERS: [&str; 7] = ["dblink", "crosstab", "spi_", "plpython", "plperlu", "pltclu", "plv8"];
/// What is called `pg_` and leads nowhere.
const HARMLESS: [&str; 7] = [
    "pg_get_serial_sequence",
    "pg_catalog",
    "pg_sleep",
    "pg_temp",
    "pg_trgm",
    "pg_input_is_valid",
    "pg_sequence_last_value",
];
/// How the catalogue's tables and views begin. Source: PostgreSQL manual, "System Catalogs" and "System Views".
const CATALOGUE: [&str; 69] = [
    "pg_aggregate",
    "pg_am",
    "pg_amop",
    "pg_amproc",
    "pg_attr",
    "pg_auth",
    "pg_available",
    "pg_backend_memory",
    "pg_cast",
    "pg_class",
    "pg_collation",
    "pg_config",
    "pg_constraint",
    "pg_conversion",
    "pg_cursors",
    "pg_database",
    "pg_db_role",
    "pg_default_acl",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_event_trigger",
    "pg_extension",
    "pg_file_settings",
    "pg_foreign",
    "pg_group",
    "pg_hba_file",
    "pg_ident_file",
    "pg_index",
    "pg_inherits",
    "pg_init_privs",
    "pg_language",
    "pg_largeobject",
    "pg_locks",
    "pg_matviews",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_parameter_acl",
    "pg_partitioned",
    "pg_policies",
    "pg_policy",
    "pg_prepared",
    "pg_proc",
    "pg_publication",
    "pg_range",
    "pg_replication",
    "pg_rewrite",
    "pg_roles",
    "pg_rules",
    "pg_seclabel",
    "pg_sequence",
    "pg_settings",
    "pg_shadow",
    "pg_shdepend",
    "pg_shdescription",
    "pg_shmem",
    "pg_shseclabel",
    "pg_stat",
    "pg_subscription",
    "pg_tables",
    "pg_timezone",
    "pg_transform",
    "pg_trigger",
    "pg_ts_",
    "pg_type",
    "pg_user",
    "pg_views",
];

/// The roles that every server has. Source: PostgreSQL manual, "Predefined Roles".
pub(super) const PREDEFINED: [&str; 16] = [
    "pg_checkpoint",
    "pg_create_subscription",
    "pg_database_owner",
    "pg_execute_server_program",
    "pg_maintain",
    "pg_monitor",
    "pg_read_all_data",
    "pg_read_all_settings",
    "pg_read_all_stats",
    "pg_read_server_files",
    "pg_signal_autovacuum_worker",
    "pg_signal_backend",
    "pg_stat_scan_tables",
    "pg_use_reserved_connections",
    "pg_write_all_data",
    "pg_write_server_files",
];

/// Tells whether a word may lead to names that do not stand in the text, or runs a text that is put together.
pub(super) fn leads_elsewhere(word: &str) -> bool {
    LEADS.contains(&word) || RUNNERS.iter().any(|runner| word.starts_with(runner))
}

/// Tells whether a word is the catalogue's, one of its roles, or a function of the system that is called.
pub(super) fn is_of_the_system(word: &str, is_called: bool) -> bool {
    let is_known = || PREDEFINED.contains(&word) || CATALOGUE.iter().any(|begins| word.starts_with(begins));
    (word.starts_with("pg_") && (is_called || is_known()) || word.starts_with("lo_") && is_called)
        && !HARMLESS.contains(&word)
}
