drop index by_a;
