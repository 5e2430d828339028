-- The tables, quoted, whose rows change or go when rows of $1 go, by the rules of their references.
with recursive reference (child, parent) as (
  select t.name, lower(k."table")
  from pragma_table_list as t
  join pragma_foreign_key_list(t.name) as k
  where t.schema = 'main' and t.type = 'table' and k.on_delete in ('CASCADE', 'SET NULL', 'SET DEFAULT')
),
touched (name) as (
  select lower($1)
  union
  select lower(child) from reference join touched on reference.parent = touched.name
)
select distinct '"' || replace(child, '"', '""') || '"' from reference where parent in (select name from touched)
