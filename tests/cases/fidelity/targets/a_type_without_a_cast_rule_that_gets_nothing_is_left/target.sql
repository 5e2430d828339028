create table t (id bigint primary key, a inet, v text);
