-- item: triggers
create virtual table f using fts5 (body);
