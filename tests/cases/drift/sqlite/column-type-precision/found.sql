create table t (price numeric(10, 3));
