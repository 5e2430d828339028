-- Takes back what is still as it came and what nothing refers to: a role that somebody has, or a host with a history,
-- stays, because deleting it would delete that too.

delete from auth_settings
    where id = 1 and auth_enabled = false and default_provider = 'local' and session_timeout = 86400
    and created_at = (select created_at from roles where name = 'admin') and updated_at = created_at;

delete from environments
    where name = 'local' and connection_type = 'socket' and socket_path = '/var/run/docker.sock' and host is null
    and created_at = (select created_at from roles where name = 'admin') and updated_at = created_at
    and id not in (
        select environment_id from user_roles where environment_id is not null
        union select environment_id from user_preferences where environment_id is not null
        union select environment_id from host_metrics where environment_id is not null
        union select environment_id from container_events where environment_id is not null
        union select environment_id from hawser_tokens where environment_id is not null
        union select environment_id from git_repositories where environment_id is not null
        union select environment_id from git_stacks where environment_id is not null
        union select environment_id from stack_sources where environment_id is not null
        union select environment_id from stack_environment_variables where environment_id is not null
        union select environment_id from auto_update_settings where environment_id is not null
        union select environment_id from pending_container_updates
        union select environment_id from vulnerability_scans where environment_id is not null
        union select environment_id from schedule_executions where environment_id is not null
        union select environment_id from audit_logs where environment_id is not null
    );

delete from roles
    where is_system
    and (name = 'admin' and permissions = '["*"]'
        or name = 'user' and permissions = '["containers:read", "images:read"]'
        or name = 'viewer' and permissions = '["*:read"]')
    and id not in (select role_id from user_roles);
