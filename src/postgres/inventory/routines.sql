-- $1: the home schema, $2: whether other schemas, too. Functions, procedures and aggregates: a document for each.
with place as (
    select n.oid, n.nspname, n.nspname = $1 as home, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
)
select json_build_object(
    'kind', 'function', 'name', format('%s%s(%s)', p.prefix, f.proname, oidvectortypes(f.proargtypes)),
    'facts', json_build_object(
        'kind', case f.prokind when 'p' then 'procedure' when 'a' then 'aggregate' when 'w' then 'window' end,
        'returns', pg_get_function_result(f.oid),
        'language', case when f.prokind <> 'a' then l.lanname end,
        'volatility', case f.provolatile when 'i' then 'immutable' when 's' then 'stable' end,
        'parallel', case f.proparallel when 's' then 'safe' when 'r' then 'restricted' end,
        'strict', case when f.proisstrict then 'yes' end,
        'security definer', case when f.prosecdef then 'yes' end,
        'leakproof', case when f.proleakproof then 'yes' end,
        'cost', case when f.procost <> case when l.lanname in ('internal', 'c') then 1 else 100 end then f.procost::text end,
        'rows', case when f.prorows <> case when f.proretset then 1000 else 0 end then f.prorows::text end,
        'settings', array_to_string(f.proconfig, ', '),
        'transforms', (select string_agg(format_type(x, null), ', ') from unnest(f.protrftypes) x),
        'support', nullif(f.prosupport::regproc::text, '-'),
        'definition', case
            when f.prokind = 'a' then (
                select concat_ws(', ',
                    'sfunc = ' || a.aggtransfn::text, 'stype = ' || format_type(a.aggtranstype, null),
                    case when a.aggtransspace <> 0 then 'sspace = ' || a.aggtransspace::text end,
                    'finalfunc = ' || nullif(a.aggfinalfn::text, '-'), case when a.aggfinalextra then 'finalfunc_extra' end,
                    case when a.aggkind = 'n' and a.aggfinalmodify <> 'r' then 'finalfunc_modify = '
                        || case a.aggfinalmodify when 's' then 'shareable' else 'read_write' end end,
                    'combinefunc = ' || nullif(a.aggcombinefn::text, '-'), 'serialfunc = ' || nullif(a.aggserialfn::text, '-'),
                    'deserialfunc = ' || nullif(a.aggdeserialfn::text, '-'), 'initcond = ' || quote_literal(a.agginitval),
                    'msfunc = ' || nullif(a.aggmtransfn::text, '-'), 'minvfunc = ' || nullif(a.aggminvtransfn::text, '-'),
                    'mstype = ' || format_type(nullif(a.aggmtranstype, 0), null), 'mfinalfunc = ' || nullif(a.aggmfinalfn::text, '-'),
                    'minitcond = ' || quote_literal(a.aggminitval),
                    'sortop = ' || case when a.aggsortop <> 0 then a.aggsortop::regoper::text end,
                    case a.aggkind when 'o' then 'ordered set' when 'h' then 'hypothetical' end)
                from pg_catalog.pg_aggregate a where a.aggfnoid = f.oid)
            when not c.is_parsed then concat_ws(', ', f.probin, f.prosrc) end,
        'depends on extension', (
            select string_agg(quote_ident(e.extname), ', ' order by e.extname)
            from pg_catalog.pg_depend x join pg_catalog.pg_extension e on e.oid = x.refobjid
            where x.classid = 'pg_catalog.pg_proc'::regclass and x.objid = f.oid and x.deptype = 'x'
              and x.refclassid = 'pg_catalog.pg_extension'::regclass),
        'comment', d.description),
    'sql', json_build_object(
        'arguments', pg_get_function_arguments(f.oid),
        -- A body that the server keeps parsed.
        'definition', case when c.is_parsed
            then rtrim((regexp_match(pg_get_functiondef(f.oid), E'\n ?(BEGIN ATOMIC\n.*|RETURN .*)$'))[1], E'\n') end),
    'acls', json_build_object('grants', case when f.proacl is not null then json_build_object(
        'owner', pg_get_userbyid(f.proowner), 'is', f.proacl::text[], 'usual', acldefault('f', f.proowner)::text[]) end),
    -- The server always names the schema; here it is left out where it is the home.
    'create', case when f.prokind <> 'a' then c.head || case when p.home then '' else quote_ident(p.nspname) || '.' end
        || substr(c.definition, 1 + length(c.head || quote_ident(p.nspname) || '.')) end,
    'drop', format('drop %s %s%I(%s)', c.word, case when not p.home then quote_ident(p.nspname) || '.' end, f.proname,
        pg_get_function_identity_arguments(f.oid)))::text
from pg_catalog.pg_proc f
join place p on p.oid = f.pronamespace
join pg_catalog.pg_language l on l.oid = f.prolang
-- Where a version does not know the column, this one is meant.
cross join (select null::pg_node_tree as prosqlbody) unknown
cross join lateral (
    select case f.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as word,
        case f.prokind when 'p' then 'CREATE OR REPLACE PROCEDURE ' else 'CREATE OR REPLACE FUNCTION ' end as head,
        case when f.prokind <> 'a' then rtrim(pg_get_functiondef(f.oid), E'\n') end as definition,
        (select prosqlbody from (select f.*) known) is not null as is_parsed
) c
left join pg_catalog.pg_description d
    on d.objoid = f.oid and d.classoid = 'pg_catalog.pg_proc'::regclass and d.objsubid = 0
-- A range type makes functions of its own.
where not exists (
    select from pg_catalog.pg_depend e
    where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = f.oid and e.deptype in ('e', 'i'))
order by f.proname, oidvectortypes(f.proargtypes)
