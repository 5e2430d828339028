-- $1: the home schema, $2: whether other schemas, too. The constraints of tables and domains: a document for each.
with place as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
),
whole as (
    select c.oid as relation, 0::oid as type, p.prefix || c.relname as name,
        case when c.relkind = 'f' then 'alter foreign table ' else 'alter table ' end || c.oid::regclass as change
    from pg_catalog.pg_class c join place p on p.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f') and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
    union all
    select 0, t.oid, p.prefix || t.typname, 'alter domain ' || t.oid::regtype
    from pg_catalog.pg_type t join place p on p.oid = t.typnamespace
    where t.typtype = 'd' and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid and e.deptype = 'e')
)
select json_build_object(
    'kind', case k.contype when 'p' then 'primary_key' when 'u' then 'unique' when 'f' then 'foreign_key'
        when 'c' then 'check' else 'exclusion' end,
    'part_of', w.name, 'name', k.conname,
    'facts', json_build_object(
        'columns', case when k.contype in ('p', 'u', 'f') then (
            select string_agg(quote_ident(a.attname), ', ' order by x.at)
            from unnest(k.conkey) with ordinality x (attnum, at)
            join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.attnum) end,
        'without overlaps', case when k.contype in ('p', 'u', 'f') and v.period then 'yes' end,
        'include', (
            select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_catalog.pg_attribute a
            where k.contype in ('p', 'u') and a.attrelid = k.conindid and a.attnum > i.indnkeyatts),
        'nulls not distinct', case when k.contype = 'u' and (select indnullsnotdistinct from (select i.*) known) then 'yes' end,
        'refers to', case when k.contype = 'f' then k.confrelid::regclass::text || ' (' || (
            select string_agg(quote_ident(a.attname), ', ' order by x.at)
            from unnest(k.confkey) with ordinality x (attnum, at)
            join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.attnum) || ')' end,
        'match', case when k.contype = 'f' then case k.confmatchtype when 'f' then 'full' when 'p' then 'partial' end end,
        'on delete', case when k.contype = 'f' then case k.confdeltype when 'c' then 'CASCADE' when 'n' then 'SET NULL'
            when 'd' then 'SET DEFAULT' when 'r' then 'RESTRICT' end || coalesce((
            select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')'
            from pg_catalog.pg_attribute a
            -- All of its columns are meant anyway.
            where a.attrelid = k.conrelid and a.attnum = any(v.only) and not v.only @> k.conkey), '') end,
        'on update', case when k.contype = 'f' then case k.confupdtype when 'c' then 'CASCADE' when 'n' then 'SET NULL'
            when 'd' then 'SET DEFAULT' when 'r' then 'RESTRICT' end end,
        'deferrable', case when k.condeferred then 'initially deferred' when k.condeferrable then 'initially immediate' end,
        'no inherit', case when k.contype = 'c' and k.connoinherit and k.contypid = 0 then 'yes' end,
        'enforced', case when not v.enforced then 'no' end,
        'valid', case when not k.convalidated and v.enforced then 'no' end,
        -- What checks it are triggers of the server's own, which can be switched off like others.
        'enabled', case when e.own is not distinct from e.other or k.confrelid = 0 then nullif(e.own, 'yes') else concat_ws(', ',
            nullif(e.own, 'yes') || ' for rows of ' || k.conrelid::regclass,
            nullif(e.other, 'yes') || ' for rows of ' || k.confrelid::regclass) end,
        'parameters', case when k.contype in ('p', 'u', 'x') then (
            select string_agg(o.text, ', ' order by o.text) from unnest(x.reloptions) o (text)) end,
        'clustered', case when k.contype in ('p', 'u', 'x') and i.indisclustered then 'yes' end,
        'tablespace', (select s.spcname from pg_catalog.pg_tablespace s
            where k.contype in ('p', 'u', 'x') and s.oid = x.reltablespace),
        'depends on extension', (
            select string_agg(quote_ident(e.extname), ', ' order by e.extname)
            from pg_catalog.pg_depend y join pg_catalog.pg_extension e on e.oid = y.refobjid
            where y.classid = 'pg_catalog.pg_class'::regclass and y.objid = k.conindid and y.deptype = 'x'
              and y.refclassid = 'pg_catalog.pg_extension'::regclass),
        'comment', d.description,
        'index comment', case when k.contype in ('p', 'u', 'x') then xd.description end),
    'sql', json_build_object(
        'expression', case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid, true) end,
        'definition', case when k.contype = 'x' then pg_get_constraintdef(k.oid, true) end),
    'create', format('%s add constraint %I %s', w.change, k.conname, pg_get_constraintdef(k.oid, true)),
    'drop', format('%s drop constraint %I', w.change, k.conname))::text
from pg_catalog.pg_constraint k
join whole w on w.relation = k.conrelid and w.type = k.contypid
-- Where a version does not know a column, these are meant.
cross join (select null::int2[] as confdelsetcols, false as conperiod, true as conenforced, false as indnullsnotdistinct) unknown
cross join lateral (
    select (select confdelsetcols from (select k.*) known) as only, (select conperiod from (select k.*) known) as period,
        (select conenforced from (select k.*) known) as enforced) v
left join lateral (
    select string_agg(distinct s.word, ' and ') filter (where t.tgrelid = k.conrelid) as own,
        string_agg(distinct s.word, ' and ') filter (where t.tgrelid <> k.conrelid) as other
    from pg_catalog.pg_trigger t
    cross join lateral (
        select case t.tgenabled when 'D' then 'no' when 'R' then 'replica' when 'A' then 'always' else 'yes' end as word) s
    where t.tgconstraint = k.oid and t.tgisinternal) e on k.contype <> 'c'
left join pg_catalog.pg_index i on i.indexrelid = k.conindid
left join pg_catalog.pg_class x on x.oid = k.conindid
left join pg_catalog.pg_description d
    on d.objoid = k.oid and d.classoid = 'pg_catalog.pg_constraint'::regclass and d.objsubid = 0
left join pg_catalog.pg_description xd
    on xd.objoid = k.conindid and xd.classoid = 'pg_catalog.pg_class'::regclass and xd.objsubid = 0
-- What a partition or an heir has from its parent is told of the parent.
where k.contype in ('p', 'u', 'c', 'f', 'x') and k.conparentid = 0 and (k.conislocal or k.contypid <> 0)
order by w.name, k.conname
