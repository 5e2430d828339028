update pg_index set indisvalid = false where indexrelid = 'by_id'::regclass;
