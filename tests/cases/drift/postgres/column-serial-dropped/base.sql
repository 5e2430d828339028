-- item: identity kind
create table t (id serial);
