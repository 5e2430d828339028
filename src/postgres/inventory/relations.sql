-- $1: the home schema, $2: whether other schemas, too. Tables, foreign tables, views: a document for each.
with place as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
)
select json_build_object(
    'kind', case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'foreign_table' else 'table' end,
    'name', p.prefix || c.relname,
    'facts', json_build_object(
        'columns', case when c.relkind in ('v', 'm') then (
            select string_agg(
                quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || case
                    when a.attcollation <> t.typcollation then ' collate ' || case
                        when pg_collation_is_visible(l.oid) then quote_ident(l.collname)
                        else l.collnamespace::regnamespace::text || '.' || quote_ident(l.collname) end
                    else '' end, ', ' order by a.attnum)
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_type t on t.oid = a.atttypid
            left join pg_catalog.pg_collation l on l.oid = a.attcollation
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) end,
        'of type', case when c.reloftype <> 0 then c.reloftype::regtype::text end,
        'partition of', case when c.relispartition then (
            select i.inhparent::regclass::text from pg_catalog.pg_inherits i where i.inhrelid = c.oid)
            || ' ' || pg_get_expr(c.relpartbound, c.oid, true) end,
        'inherits', case when not c.relispartition then (
            select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
            from pg_catalog.pg_inherits i where i.inhrelid = c.oid) end,
        -- A partition's copies of its parent's triggers, and those that check its parent's constraints, where they were switched
        -- on or off apart from the parent's.
        'inherited triggers', case when c.relispartition then (
            select string_agg(distinct case when t.tgconstraint = 0 then 'trigger ' || quote_ident(t.tgname)
                else 'foreign key ' || (
                    with recursive above as (
                        select k.conname, k.conparentid from pg_catalog.pg_constraint k where k.oid = t.tgconstraint
                        union all
                        select k.conname, k.conparentid from pg_catalog.pg_constraint k join above on k.oid = above.conparentid)
                    select quote_ident(above.conname) from above where above.conparentid = 0) end
                || case t.tgenabled when 'D' then ' disabled' when 'R' then ' replica' when 'A' then ' always' else ' enabled' end, ', ')
            from pg_catalog.pg_trigger t
            cross join lateral (
                select (to_jsonb(t) ->> 'tgparentid')::oid as oid, (
                    select k.conparentid <> 0 from pg_catalog.pg_constraint k where k.oid = t.tgconstraint) as of_constraint) p
            where t.tgrelid = c.oid and (p.oid <> 0 or p.of_constraint) and t.tgenabled <> coalesce((
                select o.tgenabled from pg_catalog.pg_trigger o where o.oid = p.oid), 'O')) end,
        -- What a partition's copies of its parent's indexes are called, where the server has not named them. Source: PostgreSQL,
        -- `indexcmds.c`, `ChooseIndexName`.
        'inherited indexes', case when c.relispartition then (
            select string_agg(quote_ident(x.relname) || ' for ' || quote_ident(u.usual), ', ' order by u.usual, x.relname)
            from pg_catalog.pg_index i
            join pg_catalog.pg_class x on x.oid = i.indexrelid and x.relispartition
            left join pg_catalog.pg_constraint k on k.conindid = x.oid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')
            cross join lateral (
                select c.relname || case when i.indisprimary then '' else '_' || string_agg(a.attname, '_' order by a.attnum) end
                    || case when i.indisprimary then '_pkey' when k.contype = 'x' then '_excl' when k.contype = 'u' then '_key'
                    else '_idx' end as usual
                from pg_catalog.pg_attribute a where a.attrelid = x.oid and a.attnum > 0) u
            -- Where the name was taken, a number follows it.
            where i.indrelid = c.oid and x.relname <> u.usual and rtrim(x.relname, '0123456789') <> u.usual) end,
        'depends on extension', (
            select string_agg(quote_ident(e.extname), ', ' order by e.extname)
            from pg_catalog.pg_depend x join pg_catalog.pg_extension e on e.oid = x.refobjid
            where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid and x.deptype = 'x'
              and x.refclassid = 'pg_catalog.pg_extension'::regclass),
        'unlogged', case when c.relpersistence = 'u' then 'yes' end,
        'populated', case when c.relkind = 'm' and not c.relispopulated then 'no' end,
        'row security', case when c.relrowsecurity and c.relforcerowsecurity then 'enabled, forced'
            when c.relrowsecurity then 'enabled' when c.relforcerowsecurity then 'forced' end,
        'replica identity', case case when c.relkind in ('r', 'p') then c.relreplident end when 'f' then 'full' when 'n' then 'nothing' when 'i' then coalesce((
            select 'index ' || quote_ident(x.relname)
            from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
            where i.indrelid = c.oid and i.indisreplident), 'nothing') end,
        'server', (
            select s.srvname from pg_catalog.pg_foreign_table f
            join pg_catalog.pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid),
        case when c.relkind = 'v' then 'options' else 'storage' end, (
            select string_agg(o.text, ', ' order by o.text) from (
                select unnest(c.reloptions) as text
                union all
                select 'toast.' || unnest(t.reloptions) from pg_catalog.pg_class t where t.oid = c.reltoastrelid
                union all
                select unnest(f.ftoptions) from pg_catalog.pg_foreign_table f where f.ftrelid = c.oid
            ) o),
        'access method', (select m.amname from pg_catalog.pg_am m where m.oid = c.relam and m.amname <> 'heap'),
        'tablespace', (select s.spcname from pg_catalog.pg_tablespace s where s.oid = c.reltablespace),
        -- What is true of a view's column besides its type.
        'column defaults', case when c.relkind = 'v' then (
            select string_agg(quote_ident(a.attname) || ': ' || pg_get_expr(d.adbin, d.adrelid, true), ', ' order by a.attnum)
            from pg_catalog.pg_attrdef d
            join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = c.oid) end,
        'column comments', case when c.relkind in ('v', 'm') then (
            select string_agg(quote_ident(a.attname) || ': ' || quote_literal(d.description), ', ' order by a.attnum)
            from pg_catalog.pg_description d
            join pg_catalog.pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
            where d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid > 0) end,
        'comment', d.description),
    'sql', json_build_object(
        'partitioned by', case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
        'definition', case when c.relkind in ('v', 'm') then rtrim(ltrim(pg_get_viewdef(c.oid, true)), ';') end),
    'acls', json_build_object('grants', case when c.relacl is not null then json_build_object(
        'owner', pg_get_userbyid(c.relowner), 'is', c.relacl::text[], 'usual', acldefault('r', c.relowner)::text[]) end),
    'column_acls', case when c.relkind in ('v', 'm') then (
        select json_agg(json_build_object('column', quote_ident(a.attname), 'owner', pg_get_userbyid(c.relowner),
            'is', a.attacl::text[], 'usual', acldefault('c', c.relowner)::text[]) order by a.attnum)
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attacl is not null) end,
    'create', case when c.relkind in ('v', 'm') then format('create %s %s%s as%s%s%s',
        case c.relkind when 'v' then 'view' else 'materialized view' end, c.oid::regclass, (
            select ' with (' || string_agg(o.text, ', ' order by o.text) || ')' from unnest(c.reloptions) o (text)),
        E'\n', rtrim(pg_get_viewdef(c.oid, true), ';'),
        case when c.relkind = 'm' and not c.relispopulated then E'\nwith no data' end) end,
    'drop', format('drop %s %s', case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'f' then 'foreign table' else 'table' end, c.oid::regclass))::text
from pg_catalog.pg_class c
join place p on p.oid = c.relnamespace
left join pg_catalog.pg_description d
    on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = 0
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not exists (
    select from pg_catalog.pg_depend e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
order by c.relname
