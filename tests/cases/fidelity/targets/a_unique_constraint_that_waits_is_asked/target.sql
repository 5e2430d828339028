create table t (id bigint primary key, n bigint constraint one_n unique deferrable initially deferred);
