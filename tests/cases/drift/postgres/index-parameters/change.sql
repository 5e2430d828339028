alter index by_a set (fillfactor = 70);
