-- Everything that PostgreSQL's catalogue says of the tables that names without a schema mean.
with relation as (
  select c.* from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'
)
select * from (
  select
    'column ' || row_number() over (partition by a.attrelid order by a.attnum) || ' ' || r.relname || '.' || a.attname || ' '
      || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-')
      || ' ' || a.attidentity::text || a.attgenerated::text || ' ' || a.attcollation::regcollation::text
  from relation r
  join pg_attribute a on a.attrelid = r.oid
  left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
  where r.relkind = 'r' and a.attnum > 0 and not a.attisdropped
  union all
  select 'constraint ' || r.relname || '.' || o.conname || ' ' || pg_get_constraintdef(o.oid)
  from pg_constraint o join relation r on r.oid = o.conrelid
  union all
  select 'index ' || pg_get_indexdef(r.oid) from relation r where r.relkind = 'i'
  union all
  select
    'sequence ' || r.relname || ' ' || s.seqtypid::regtype::text || ' ' || s.seqstart || ' ' || s.seqincrement || ' '
      || coalesce(d.refobjid::regclass::text || '.' || d.refobjsubid || ' ' || d.deptype::text, '-')
  from relation r
  join pg_sequence s on s.seqrelid = r.oid
  left join pg_depend d on d.objid = r.oid and d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass
    and d.refclassid = 'pg_class'::regclass
  union all
  select r.relkind::text || ' ' || r.relname || ' ' || coalesce(r.reloptions::text, '') from relation r where r.relkind in ('r', 'v')
) as part (line) order by line;
