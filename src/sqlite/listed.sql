-- The tables and views in the order in which they stand in the file; of a full-text or spatial table whose content is its
-- own, the table behind it that has a row for each of its rows. A full-text table without content, or with that of another
-- table, has no `_content`, unless FTS5 keeps there what is not searched.
-- Sources: SQLite, "FTS3 and FTS4", "Shadow Tables"; "FTS5", "External Content and Contentless Tables"; "The SQLite R*Tree
-- Module", "Shadow Tables".
with made (name, sql) as (
    select name, sql from sqlite_schema where sql like 'create virtual %'
),
only_copy (name, kept) as (
    select v.name, v.name || '_content' from made v
    where v.sql not like '%contentless\_unindexed%' escape '\'
        and exists (select 1 from sqlite_schema c where c.name = v.name || '_content')
        and exists (select 1 from sqlite_schema c where c.name in (v.name || '_segdir', v.name || '_data'))
    union all
    select v.name, v.name || '_rowid' from made v
    where 3 = (select count(*) from sqlite_schema c
               where c.name in (v.name || '_node', v.name || '_parent', v.name || '_rowid'))
)
select l.name, l.type, l.wr, (select kept from only_copy o where o.name = l.name)
from pragma_table_list l
join sqlite_schema s on s.name = l.name
where l.schema = 'main' and l.name not like 'sqlite\_%' escape '\' and s.type in ('table', 'view')
order by s.rowid
