alter materialized view m depends on extension plpgsql;
