-- Who holds the runner's lock, in words. Rights may hide what another role's session is; its number is always shown.
select concat_ws(', ',
    'pid ' || l.pid,
    nullif(a.application_name, ''),
    'user ' || a.usename,
    'from ' || coalesce(host(a.client_addr), case when a.backend_start is not null then 'this machine' end),
    'connected since ' || to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC'
)
from pg_catalog.pg_locks l
left join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.classid = $1::oid and l.objid = $2::oid and l.objsubid = 2
    and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
    and l.pid <> pg_backend_pid()
