create virtual table f using fts5 (title, body);
