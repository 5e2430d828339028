alter trigger g on t depends on extension plpgsql;
