-- $1: the schema's name. One JSON document: its tables with columns, constraints and indexes.
with recursive relation as (
    select c.oid, c.relname, c.relowner, c.relkind
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
),
-- A domain's base type, through domains over domains; the modifier of the innermost that has one.
base (oid, type, modifier) as (
    select t.oid, t.oid, -1 from pg_catalog.pg_type t
    union all
    select b.oid, t.typbasetype, case when b.modifier = -1 then t.typtypmod else b.modifier end
    from base b join pg_catalog.pg_type t on t.oid = b.type
    where t.typtype = 'd'
),
sequence as (
    -- Sequences that a column owns, and those that its default calls.
    select d.refobjid as relation, d.refobjsubid as attnum, d.objid as oid
    from pg_catalog.pg_depend d
    join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
    where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
      and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    union
    select a.adrelid, a.adnum, d.refobjid
    from pg_catalog.pg_attrdef a
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = a.oid
    join pg_catalog.pg_class s on s.oid = d.refobjid and s.relkind = 'S'
),
columns as (
    select a.attrelid, json_agg(json_build_object(
        'name', a.attname,
        'oid', a.atttypid::bigint,
        'declared', format_type(a.atttypid, a.atttypmod),
        'base', t.typname,
        'kind', t.typtype,
        'modifier', case when a.atttypmod <> -1 then a.atttypmod else b.modifier end,
        'nullable', not a.attnotnull,
        'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
        'generated', case when a.attgenerated <> '' then json_build_object(
            'expression', pg_get_expr(d.adbin, d.adrelid), 'stored', a.attgenerated = 's') end,
        'sequence', (
            select format('%I.%I', n.nspname, s.relname)
            from sequence q
            join pg_catalog.pg_class s on s.oid = q.oid
            join pg_catalog.pg_namespace n on n.oid = s.relnamespace
            where q.relation = a.attrelid and q.attnum = a.attnum
            order by q.oid limit 1
        ),
        'collation', case when a.attcollation <> t.typcollation then l.collname end,
        -- Whether its equality is not that of bytes; through a document, because servers before 12 do not know the word.
        'folds', t.typname = 'citext' or coalesce(to_jsonb(l) ->> 'collisdeterministic', 'true') = 'false',
        'labels', (select json_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid)
    ) order by a.attnum) as list
    from relation r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    join base b on b.oid = a.atttypid
    join pg_catalog.pg_type t on t.oid = b.type and t.typtype <> 'd'
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_catalog.pg_collation l on l.oid = a.attcollation
    group by a.attrelid
),
constraints as (
    select k.conrelid, json_agg(json_build_object(
        'name', k.conname,
        'kind', k.contype,
        'columns', (
            select json_agg(a.attname order by x.at)
            from unnest(k.conkey) with ordinality x (attnum, at)
            join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.attnum
        ),
        'parent', (select p.relname from pg_catalog.pg_class p where p.oid = k.confrelid),
        'parent_schema', (
            select n.nspname
            from pg_catalog.pg_class p
            join pg_catalog.pg_namespace n on n.oid = p.relnamespace
            where p.oid = k.confrelid and n.nspname <> $1
        ),
        'parent_columns', (
            select json_agg(a.attname order by x.at)
            from unnest(k.confkey) with ordinality x (attnum, at)
            join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.attnum
        ),
        'on_delete', k.confdeltype,
        'on_update', k.confupdtype,
        'deferrable', k.condeferrable,
        'deferred', k.condeferred,
        'full', k.confmatchtype = 'f',
        'definition', pg_get_constraintdef(k.oid),
        'comment', obj_description(k.oid, 'pg_constraint'),
        'expression', pg_get_expr(k.conbin, k.conrelid)
    ) order by k.conname) as list
    from relation r
    join pg_catalog.pg_constraint k on k.conrelid = r.oid and k.conparentid = 0
    where k.contype in ('p', 'u', 'f', 'c')
    group by k.conrelid
),
indexes as (
    select i.indrelid, json_agg(json_build_object(
        'name', c.relname,
        'unique', i.indisunique,
        'keys', (
            select json_agg(pg_get_indexdef(i.indexrelid, at, true) order by at)
            from generate_series(1, i.indnkeyatts) at
        ),
        'columns', (
            select json_agg(a.attname order by x.at)
            from unnest(i.indkey::int2[]) with ordinality x (attnum, at)
            left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = x.attnum and x.attnum > 0
            where x.at <= i.indnkeyatts
        ),
        'options', to_json(i.indoption::int2[]),
        'predicate', pg_get_expr(i.indpred, i.indrelid)
    ) order by c.relname) as list
    from relation r
    join pg_catalog.pg_index i on i.indrelid = r.oid
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    where not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    group by i.indrelid
)
select coalesce(json_agg(json_build_object(
    'name', r.relname,
    'owned', pg_has_role(r.relowner, 'USAGE'),
    'partitioned', r.relkind = 'p',
    'triggers', (
        select coalesce(json_agg(t.tgname order by t.tgname), '[]')
        from pg_catalog.pg_trigger t
        where t.tgrelid = r.oid and not t.tgisinternal and t.tgenabled <> 'D'
    ),
    'columns', coalesce(c.list, '[]'),
    'constraints', coalesce(k.list, '[]'),
    'indexes', coalesce(i.list, '[]')
) order by r.relname), '[]')::text
from relation r
left join columns c on c.attrelid = r.oid
left join constraints k on k.conrelid = r.oid
left join indexes i on i.indrelid = r.oid
