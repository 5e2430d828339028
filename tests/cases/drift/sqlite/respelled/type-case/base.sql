create table t (a VARCHAR(10), b BigInt);
