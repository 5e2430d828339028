create type floatrange as range (subtype = float8, subtype_diff = float8mi);
create table t (id int, r floatrange, m int4multirange, exclude using gist (r with &&));
