-- $1: a schema, $2: whose default privileges, or none for the role that owns most of what is in the schema, $3: whether what is
-- told is the way back. What default privileges give and take: whether in the schema alone, the words, and the role.
with home as (
    select n.oid from pg_catalog.pg_namespace n where n.nspname = $1
),
giver as (
    select coalesce(
        (select r.oid from pg_catalog.pg_roles r where r.rolname = $2),
        (select c.relowner from pg_catalog.pg_class c join home on home.oid = c.relnamespace
            group by c.relowner order by count(*) desc, c.relowner limit 1),
        (select r.oid from pg_catalog.pg_roles r where r.rolname = current_user)) as oid
),
entry as (
    select d.oid, d.defaclnamespace <> 0 as of_schema, o.words, d.defaclacl as given,
        case when d.defaclnamespace = 0 then acldefault(o.letter, d.defaclrole) end as usual
    from pg_catalog.pg_default_acl d
    join giver on giver.oid = d.defaclrole
    join (values ('r', 'r'::"char", 'tables'), ('S', 's', 'sequences'), ('f', 'f', 'functions'), ('T', 'T', 'types'))
        o (kind, letter, words) on o.kind = d.defaclobjtype::text
    where d.defaclnamespace = 0 or d.defaclnamespace = (select home.oid from home)
),
given as (
    select e.oid, x.grantee, x.privilege_type, x.is_grantable from entry e cross join lateral aclexplode(e.given) x
),
usual as (
    select e.oid, x.grantee, x.privilege_type, x.is_grantable from entry e cross join lateral aclexplode(e.usual) x
),
told as (
    select x.*, false as gives from (table usual except table given) x
    union all
    select x.*, true from (table given except table usual) x
)
select e.of_schema::text,
    case when t.gives <> $3::boolean then 'grant ' else 'revoke ' end || lower(t.privilege_type) || ' on ' || e.words
    || case when t.gives <> $3::boolean then ' to ' else ' from ' end
    || case when t.grantee = 0 then 'public' when t.grantee = giver.oid then 'current_user'
        else quote_ident(pg_get_userbyid(t.grantee)) end
    || case when t.gives <> $3::boolean and t.is_grantable and t.grantee <> giver.oid then ' with grant option' else '' end,
    case when t.grantee not in (0, giver.oid) then pg_get_userbyid(t.grantee) end
from told t join entry e on e.oid = t.oid cross join giver
order by t.gives, 1, 2
