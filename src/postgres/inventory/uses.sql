-- $1: the home schema, $2: whether other schemas, too. What views, rules, triggers, policies, generated columns and foreign keys
-- use: the kind, the relation that it is a part of, its name, the relation, key or function that it uses, and of that the column or key.
with place as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
),
relation as (
    select c.oid, c.relkind, p.prefix || c.relname as name from pg_catalog.pg_class c join place p on p.oid = c.relnamespace
),
user_of as (
    select 'pg_catalog.pg_rewrite'::regclass as class, u.oid, u.ev_class as own,
        case when u.rulename <> '_RETURN' then 'rule' when r.relkind = 'm' then 'materialized_view' else 'view' end as kind,
        case when u.rulename <> '_RETURN' then r.name end as part_of,
        case when u.rulename <> '_RETURN' then u.rulename else r.name end as name
    from pg_catalog.pg_rewrite u join relation r on r.oid = u.ev_class
    union all
    select 'pg_catalog.pg_trigger'::regclass, t.oid, 0, 'trigger', r.name, t.tgname
    from pg_catalog.pg_trigger t join relation r on r.oid = t.tgrelid where not t.tgisinternal
    union all
    select 'pg_catalog.pg_policy'::regclass, p.oid, 0, 'policy', r.name, p.polname
    from pg_catalog.pg_policy p join relation r on r.oid = p.polrelid
    union all
    select 'pg_catalog.pg_attrdef'::regclass, d.oid, 0, 'column', r.name, a.attname
    from pg_catalog.pg_attrdef d join relation r on r.oid = d.adrelid
    join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attgenerated <> ''
)
select u.kind, u.part_of, u.name, r.name, a.attname
from user_of u
join pg_catalog.pg_depend d on d.classid = u.class and d.objid = u.oid and d.refclassid = 'pg_catalog.pg_class'::regclass
join relation r on r.oid = d.refobjid and r.oid <> u.own
left join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
union
select u.kind, u.part_of, u.name, p.prefix || f.proname || '(' || oidvectortypes(f.proargtypes) || ')', null
from user_of u
join pg_catalog.pg_depend d on d.classid = u.class and d.objid = u.oid and d.refclassid = 'pg_catalog.pg_proc'::regclass
join pg_catalog.pg_proc f on f.oid = d.refobjid
join place p on p.oid = f.pronamespace
union
select 'foreign_key', r.name, k.conname, o.name, x.relname
from pg_catalog.pg_constraint k
join relation r on r.oid = k.conrelid
join relation o on o.oid = k.confrelid
join pg_catalog.pg_class x on x.oid = k.conindid
where k.contype = 'f' and k.conparentid = 0
union
select 'table', null, r.name, o.name, null
from pg_catalog.pg_inherits i join relation r on r.oid = i.inhrelid join relation o on o.oid = i.inhparent
where r.relkind in ('r', 'p', 'f')
order by 1, 2, 3, 4, 5
