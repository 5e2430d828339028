drop statistics pair;
