select
    current_setting('server_version_num'),
    current_setting('server_version'),
    current_user,
    has_function_privilege('pg_catalog.pg_try_advisory_lock(integer, integer)', 'EXECUTE')::text,
    pg_is_in_recovery()::text,
    current_setting('transaction_read_only')::boolean::text
