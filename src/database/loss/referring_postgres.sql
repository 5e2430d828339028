-- The tables, quoted, that `truncate … cascade` empties besides $1 and its parts: what refers to it, and what refers to that.
with recursive emptied (oid, is_own) as (
  select pg_catalog.to_regclass($1)::oid, true
  union
  select next.oid, emptied.is_own and next.is_part
  from emptied
  join (
    select confrelid as of, conrelid as oid, false as is_part from pg_catalog.pg_constraint where contype = 'f'
    union all
    select inhparent, inhrelid, true from pg_catalog.pg_inherits
  ) as next on next.of = emptied.oid
)
select pg_catalog.format('%I.%I', n.nspname, c.relname)
from emptied
join pg_catalog.pg_class c on c.oid = emptied.oid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r'
group by n.nspname, c.relname
having not bool_or(emptied.is_own)
