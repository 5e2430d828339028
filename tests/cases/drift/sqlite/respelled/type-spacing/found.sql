create table t (a varchar ( 10 ), b numeric( 10 , 2 ), c unsigned  big   int);
