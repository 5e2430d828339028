alter function f(int) depends on extension plpgsql;
