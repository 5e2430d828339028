-- The tables and views in the order in which they stand in the file; of a full-text table, and of the shadow table behind
-- it, whether it holds text that is stored nowhere else. One without content, or with that of another table, has no
-- `_content`, unless FTS5 keeps there what is not searched.
-- Sources: SQLite, "FTS3 and FTS4", "Shadow Tables"; "FTS5", "External Content and Contentless Tables".
with only_copy (name) as (
    select v.name from sqlite_schema v
    where v.sql like 'create virtual %' and v.sql not like '%contentless\_unindexed%' escape '\'
        and exists (select 1 from sqlite_schema c where c.name = v.name || '_content')
        and exists (select 1 from sqlite_schema c where c.name in (v.name || '_segdir', v.name || '_data'))
)
select
    l.name,
    l.type,
    l.wr,
    l.name in (select name from only_copy union all select name || '_content' from only_copy)
from pragma_table_list l
join sqlite_schema s on s.name = l.name
where l.schema = 'main' and l.name not like 'sqlite\_%' escape '\' and s.type in ('table', 'view')
order by s.rowid
