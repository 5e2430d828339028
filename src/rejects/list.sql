select json_build_object(
    'run', r.id,
    'source', r.source,
    'begun', to_char(r.started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'table', j.table_name,
    'column', j.column_name,
    'reason', j.reason,
    'rows', count(*),
    'examples', (array_agg(left(j.row_key, 200) order by j.id) filter (where j.place <= 3))
)::text
from (select *, row_number() over (partition by run, table_name, column_name, reason order by id) as place
      from strait.reject) j
join strait.run r on r.id = j.run
