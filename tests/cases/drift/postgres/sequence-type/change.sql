alter sequence s as bigint;
