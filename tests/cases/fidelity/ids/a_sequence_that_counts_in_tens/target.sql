create sequence tens increment 10;
create table t (id bigint primary key default nextval('tens'), v text);
