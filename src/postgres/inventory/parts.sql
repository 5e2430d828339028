-- $1: the home schema, $2: whether other schemas, too. Triggers, rules, policies and statistics: a document for each.
with place as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
),
relation as (
    select c.oid, p.prefix || c.relname as name, c.oid::regclass::text as quoted
    from pg_catalog.pg_class c join place p on p.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
)
select json_build_object(
    'kind', 'trigger', 'part_of', r.name, 'name', t.tgname,
    'facts', json_build_object(
        'constraint', case when t.tgconstraint <> 0 then 'yes' end,
        'enabled', case t.tgenabled when 'D' then 'no' when 'R' then 'replica' when 'A' then 'always' end,
        'depends on extension', (
            select string_agg(quote_ident(e.extname), ', ' order by e.extname)
            from pg_catalog.pg_depend x join pg_catalog.pg_extension e on e.oid = x.refobjid
            where x.classid = 'pg_catalog.pg_trigger'::regclass and x.objid = t.oid and x.deptype = 'x'
              and x.refclassid = 'pg_catalog.pg_extension'::regclass),
        'comment', d.description),
    'sql', json_build_object('definition', substr(f.definition, 1 + length(format('CREATE %sTRIGGER %I ',
        case when t.tgconstraint <> 0 then 'CONSTRAINT ' end, t.tgname)))),
    'create', f.definition,
    'drop', format('drop trigger %I on %s', t.tgname, r.quoted))::text
from pg_catalog.pg_trigger t
join relation r on r.oid = t.tgrelid
cross join lateral (select pg_get_triggerdef(t.oid, true) as definition) f
left join pg_catalog.pg_description d
    on d.objoid = t.oid and d.classoid = 'pg_catalog.pg_trigger'::regclass and d.objsubid = 0
-- A partition's copy of its parent's trigger is told of the parent.
where not t.tgisinternal and coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0'
union all
select json_build_object(
    'kind', 'rule', 'part_of', r.name, 'name', u.rulename,
    'facts', json_build_object(
        'enabled', case u.ev_enabled when 'D' then 'no' when 'R' then 'replica' when 'A' then 'always' end,
        'comment', d.description),
    'sql', json_build_object('definition', rtrim(pg_get_ruledef(u.oid, true), ';')),
    'create', rtrim(pg_get_ruledef(u.oid, true), ';'),
    'drop', format('drop rule %I on %s', u.rulename, r.quoted))::text
from pg_catalog.pg_rewrite u
join relation r on r.oid = u.ev_class
left join pg_catalog.pg_description d
    on d.objoid = u.oid and d.classoid = 'pg_catalog.pg_rewrite'::regclass and d.objsubid = 0
where u.rulename <> '_RETURN'
union all
select json_build_object(
    'kind', 'policy', 'part_of', r.name, 'name', p.polname,
    'facts', json_build_object(
        'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' end,
        'permissive', case when not p.polpermissive then 'no' end,
        'roles', case when p.polroles <> '{0}' then o.roles end,
        'comment', d.description),
    'sql', json_build_object(
        'using', pg_get_expr(p.polqual, p.polrelid, true), 'check', pg_get_expr(p.polwithcheck, p.polrelid, true)),
    'create', concat(format('create policy %I on %s', p.polname, r.quoted),
        case when not p.polpermissive then ' as restrictive' end,
        ' for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' end,
        ' to ' || case when p.polroles <> '{0}' then o.roles end,
        ' using (' || pg_get_expr(p.polqual, p.polrelid, true) || ')',
        ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid, true) || ')'),
    'drop', format('drop policy %I on %s', p.polname, r.quoted))::text
from pg_catalog.pg_policy p
join relation r on r.oid = p.polrelid
left join pg_catalog.pg_description d
    on d.objoid = p.oid and d.classoid = 'pg_catalog.pg_policy'::regclass and d.objsubid = 0
cross join lateral (
    select string_agg(coalesce(quote_ident(a.rolname), 'public'), ', ' order by a.rolname) as roles
    from unnest(p.polroles) x left join pg_catalog.pg_roles a on a.oid = x) o
union all
select json_build_object(
    'kind', 'statistics', 'part_of', r.name, 'name', s.stxname,
    'facts', json_build_object(
        'statistics target', case when (to_jsonb(s) ->> 'stxstattarget')::int >= 0 then to_jsonb(s) ->> 'stxstattarget' end,
        'comment', d.description),
    'sql', json_build_object('columns', left(f.tail, length(f.tail) - length(' FROM ' || r.quoted))),
    'create', f.definition,
    'drop', format('drop statistics %s', f.name))::text
from pg_catalog.pg_statistic_ext s
join relation r on r.oid = s.stxrelid
left join pg_catalog.pg_description d
    on d.objoid = s.oid and d.classoid = 'pg_catalog.pg_statistic_ext'::regclass and d.objsubid = 0
cross join lateral (
    select pg_get_statisticsobjdef(s.oid) as worded,
        quote_ident(s.stxnamespace::regnamespace::text) || '.' || quote_ident(s.stxname) as full_name,
        case when pg_statistics_obj_is_visible(s.oid) then quote_ident(s.stxname)
            else s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname) end as name
) w
cross join lateral (
    -- The server always names the schema.
    select w.name, 'CREATE STATISTICS ' || w.name || t.tail as definition, ltrim(t.tail) as tail
    from (select substr(w.worded, 1 + length('CREATE STATISTICS ' || s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname))) as tail) t
) f
