alter index t_a no depends on extension plpgsql;
