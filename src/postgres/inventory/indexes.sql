-- $1: the home schema, $2: whether other schemas, too. Indexes that are not the body of a constraint: a document for each.
with place as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
)
select json_build_object(
    'kind', 'index', 'part_of', p.prefix || r.relname, 'name', c.relname,
    -- What follows the first parenthesis: the keys as the server words them, with collation, class and direction.
    'keys', json_build_object('is_sql', i.indexprs is not null, 'from', substr(f.definition, 1 + length(format(
        'CREATE %sINDEX %I ON %s%s USING %I (', case when i.indisunique then 'UNIQUE ' end, c.relname,
        case when c.relkind = 'I' then 'ONLY ' end, r.oid::regclass, m.amname)))),
    'facts', json_build_object(
        'unique', case when i.indisunique then 'yes' end,
        'method', nullif(m.amname, 'btree'),
        'include', (
            select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_catalog.pg_attribute a
            where a.attrelid = c.oid and a.attnum > i.indnkeyatts),
        'nulls not distinct', case when (select indnullsnotdistinct from (select i.*) known) then 'yes' end,
        'parameters', (select string_agg(o.text, ', ' order by o.text) from unnest(c.reloptions) o (text)),
        'statistics target', (
            select string_agg(a.attnum || ': ' || a.attstattarget, ', ' order by a.attnum) from pg_catalog.pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and a.attstattarget >= 0),
        'valid', case when not (i.indisvalid and i.indisready and i.indislive) then 'no' end,
        'clustered', case when i.indisclustered then 'yes' end,
        'tablespace', (select s.spcname from pg_catalog.pg_tablespace s where s.oid = c.reltablespace),
        'depends on extension', (
            select string_agg(quote_ident(e.extname), ', ' order by e.extname)
            from pg_catalog.pg_depend x join pg_catalog.pg_extension e on e.oid = x.refobjid
            where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid and x.deptype = 'x'
              and x.refclassid = 'pg_catalog.pg_extension'::regclass),
        'comment', d.description),
    'sql', json_build_object('where', pg_get_expr(i.indpred, i.indrelid, true)),
    -- On a partitioned table it is made for every partition, too.
    'create', case when c.relkind = 'I' then replace(f.definition, format(' ON ONLY %s USING ', r.oid::regclass),
        format(' ON %s USING ', r.oid::regclass)) else f.definition end,
    'drop', format('drop index %s', c.oid::regclass))::text
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = c.relam
join pg_catalog.pg_class r on r.oid = i.indrelid and r.relkind in ('r', 'p', 'm')
join place p on p.oid = r.relnamespace
-- Where a version does not know the column, this one is meant.
cross join (select false as indnullsnotdistinct) unknown
cross join lateral (select pg_get_indexdef(c.oid, 0, true) as definition) f
left join pg_catalog.pg_description d
    on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
-- What a partition has from its parent is told of the parent.
where not c.relispartition
  and not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = r.oid and k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
  and not exists (
    select from pg_catalog.pg_depend e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid in (c.oid, r.oid) and e.deptype = 'e')
order by r.relname, c.relname
