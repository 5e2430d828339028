-- $1: the home schema, $2: whether other schemas, too. Types and sequences that stand for themselves: a document for each.
with place as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
)
select json_build_object(
    'kind', case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' else 'composite' end,
    'name', p.prefix || t.typname,
    'facts', json_build_object(
        -- One that was announced and is yet to be described.
        'kind', case when t.typtype = 'p' then 'shell' end,
        'labels', case when t.typtype = 'e' then coalesce((
            select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
            from pg_catalog.pg_enum e where e.enumtypid = t.oid), '()') end,
        'type', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
        'collation', case when t.typtype = 'd' and t.typcollation <> b.typcollation then l.name end,
        'not null', case when t.typtype = 'd' and t.typnotnull then 'yes' end,
        'definition', (
            select concat_ws(', ', 'subtype = ' || format_type(r.rngsubtype, null),
                case when not o.opcdefault then 'subtype_opclass = ' || quote_ident(o.opcname) end,
                case when r.rngcollation <> s.typcollation then 'collation = ' || x.collname end,
                case when r.rngcanonical <> 0 then 'canonical = ' || r.rngcanonical::regproc end,
                case when r.rngsubdiff <> 0 then 'subtype_diff = ' || r.rngsubdiff::regproc end,
                'multirange_type_name = ' || ((to_jsonb(r) ->> 'rngmultitypid')::oid::regtype)::text)
            from pg_catalog.pg_range r
            join pg_catalog.pg_type s on s.oid = r.rngsubtype
            join pg_catalog.pg_opclass o on o.oid = r.rngsubopc
            left join pg_catalog.pg_collation x on x.oid = r.rngcollation
            where r.rngtypid = t.oid),
        'comment', d.description),
    'sql', json_build_object('default', case when t.typtype = 'd' then coalesce(pg_get_expr(t.typdefaultbin, 0, true), t.typdefault) end),
    'acls', json_build_object('grants', case when t.typacl is not null then json_build_object(
        'owner', pg_get_userbyid(t.typowner), 'is', t.typacl::text[], 'usual', acldefault('T', t.typowner)::text[]) end),
    'drop', format('drop %s %s', case t.typtype when 'd' then 'domain' else 'type' end, t.oid::regtype))::text
from pg_catalog.pg_type t
join place p on p.oid = t.typnamespace
left join pg_catalog.pg_type b on b.oid = t.typbasetype
left join pg_catalog.pg_class c on c.oid = t.typrelid
left join lateral (
    select case when pg_collation_is_visible(l.oid) then quote_ident(l.collname)
        else l.collnamespace::regnamespace::text || '.' || quote_ident(l.collname) end as name
    from pg_catalog.pg_collation l where l.oid = t.typcollation) l on true
left join pg_catalog.pg_description d
    on d.objoid = t.oid and d.classoid = 'pg_catalog.pg_type'::regclass and d.objsubid = 0
where (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c' or t.typtype = 'p' and not t.typisdefined) and not exists (
    select from pg_catalog.pg_depend e
    where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid and e.deptype = 'e')
union all
select json_build_object(
    'kind', 'sequence', 'name', p.prefix || s.relname,
    'facts', json_build_object(
        'type', nullif(format_type(q.seqtypid, null), 'bigint'),
        'start', case when q.seqstart <> case when q.seqincrement > 0 then q.seqmin else q.seqmax end then q.seqstart::text end,
        'increment', case when q.seqincrement <> 1 then q.seqincrement::text end,
        'minimum', case when q.seqmin <> case when q.seqincrement > 0 then 1 else -case q.seqtypid
            when 'int2'::regtype then 32768 when 'int4'::regtype then 2147483648 else 9223372036854775808 end end
            then q.seqmin::text end,
        'maximum', case when q.seqmax <> case when q.seqincrement < 0 then -1 else case q.seqtypid
            when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807 end end
            then q.seqmax::text end,
        'cycle', case when q.seqcycle then 'yes' end,
        'cache', case when q.seqcache <> 1 then q.seqcache::text end,
        'unlogged', case when s.relpersistence = 'u' then 'yes' end,
        'owned by', o.name,
        'comment', d.description),
    'acls', json_build_object('grants', case when s.relacl is not null then json_build_object(
        'owner', pg_get_userbyid(s.relowner), 'is', s.relacl::text[], 'usual', acldefault('s', s.relowner)::text[]) end),
    'drop', format('drop sequence %s', s.oid::regclass))::text
from pg_catalog.pg_class s
join place p on p.oid = s.relnamespace
join pg_catalog.pg_sequence q on q.seqrelid = s.oid
left join lateral (
    -- Whose it is, and whether it is told there: the sequence of an identity, or of a default that does nothing else.
    select d.refobjid::regclass || '.' || quote_ident(a.attname) as name, d.deptype = 'i' or coalesce(
        pg_get_expr(f.adbin, f.adrelid) = format('nextval(%L::regclass)', s.oid::regclass::text), false) as told
    from pg_catalog.pg_depend d
    join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = s.oid
      and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    limit 1) o on true
left join pg_catalog.pg_description d
    on d.objoid = s.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
where s.relkind = 'S' and not coalesce(o.told, false) and not exists (
    select from pg_catalog.pg_depend e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = s.oid and e.deptype = 'e')
