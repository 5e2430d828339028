-- Who keeps a relation of this database to itself, in words; those whose transaction began first. Rights may hide what another
-- role's session is; its number is always shown.
select format('%s still holds a lock on %s', coalesce(nullif(concat_ws(', ',
        'pid ' || l.pid,
        nullif(a.application_name, ''),
        'user ' || a.usename,
        'in a transaction since ' || to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC'), ''),
    'a prepared transaction'), c.oid::regclass)
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
left join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_backend_pid()
    and l.database = (select oid from pg_catalog.pg_database where datname = current_database()) and c.oid >= 16384
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by a.xact_start, 1
limit 1
