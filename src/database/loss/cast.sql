-- The old type of column $2 of table $1, what makes its values comparable, and whether both types are of texts, where a cast
-- to type $3 may change one.
select
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  case when was.typname in ('json', 'xml', 'point') then '::text' else '' end,
  case when was.typcategory = 'S' and new.typname in ('text', 'varchar', 'bpchar') then 'texts' end
from pg_catalog.pg_attribute a
join pg_catalog.pg_type was on was.oid = a.atttypid
join pg_catalog.pg_type new on new.oid = pg_catalog.to_regtype($3)
where a.attrelid = pg_catalog.to_regclass($1) and a.attname = $2 and a.attnum > 0 and not a.attisdropped
  -- Without a cast that an assignment takes, the change fails.
  and (
    was.typtype <> 'b' or new.typtype <> 'b' or 'A' in (was.typcategory, new.typcategory)
    or was.oid = new.oid or new.typcategory = 'S'
    or exists (
      select from pg_catalog.pg_cast
      where castsource = was.oid and casttarget = new.oid and castcontext <> 'e'
    )
  )
