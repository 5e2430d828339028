select json_build_object(
    'version_number', current_setting('server_version_num')::int,
    'version', current_setting('server_version'),
    'role', current_user,
    'current_schema', current_schema(),
    'lz4', exists (
        select from pg_catalog.pg_settings
        where name = 'default_toast_compression' and 'lz4' = any (enumvals)
    ),
    'record_send', to_regprocedure('pg_catalog.record_send(record)') is not null,
    'advisory_locks', has_function_privilege('pg_catalog.pg_try_advisory_lock(integer, integer)', 'EXECUTE'),
    'may_create_schema', has_database_privilege(current_database(), 'CREATE'),
    'encoding', pg_encoding_to_char(d.encoding),
    'read_only', pg_is_in_recovery()
)::text
from pg_catalog.pg_database d
where d.datname = current_database()
