create table t (id bigint primary key, a money, b timetz, c xml, d bit(3), e name);
