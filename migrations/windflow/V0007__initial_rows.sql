-- The rows that every installation begins with. What is there already, under the same name, stays as it is; columns that
-- are not named get their defaults.

insert into roles (name, description, is_system, permissions) values
    ('admin', 'Administrator with full access', true, '["*"]'),
    ('user', 'Standard user', true, '["containers:read", "images:read"]'),
    ('viewer', 'Read-only access', true, '["*:read"]')
    on conflict (name) do nothing;

-- The times are those of the role: by them the way down knows these two from rows that an application has made.
insert into environments (name, connection_type, socket_path, created_at, updated_at)
    select 'local', 'socket', '/var/run/docker.sock', created_at, created_at from roles where name = 'admin'
    on conflict (name) do nothing;

-- Nothing happens where there are settings already, whatever their id.
insert into auth_settings (id, auth_enabled, default_provider, created_at, updated_at)
    select 1, false, 'local', created_at, created_at from roles where name = 'admin'
    on conflict do nothing;

-- The id was given, and PostgreSQL's sequence has not seen it.
-- only: postgres
select setval(pg_get_serial_sequence('auth_settings', 'id'), (select max(id) from auth_settings));
-- end
