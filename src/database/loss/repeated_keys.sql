-- How many documents of column {column} of table {table} hold an object with two values for one key, at any depth.
with recursive part (document, value) as (
  select row_number() over (), {column}::json from {table} where {column} is not null
  union all
  select part.document, inner_part.value
  from part
  cross join lateral (
    select value from json_each(case json_typeof(part.value) when 'object' then part.value else '{}' end)
    union all
    select value from json_array_elements(case json_typeof(part.value) when 'array' then part.value else '[]' end)
  ) as inner_part
)
select cast(count(distinct document) as text)
from part
where json_typeof(value) = 'object'
  and (
    select count(*) > count(distinct key collate "C")
    from json_object_keys(case json_typeof(value) when 'object' then value else '{}' end) as key
  )
