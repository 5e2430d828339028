create table t (id bigint primary key, a inet, b interval, c point);
