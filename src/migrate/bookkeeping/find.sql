-- The columns of all ordinary tables that this role may read; the schema's name is empty for the connection's own.
-- Temporary tables are no one's history.
select case when n.nspname = current_schema() then '' else n.nspname end, c.relname, a.attname,
       format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'strait')
  and n.nspname not like 'pg\_toast%' and n.nspname not like 'pg\_temp%'
  and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
order by 1, 2, a.attnum
