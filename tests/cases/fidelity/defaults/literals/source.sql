create table t (id integer primary key, a integer default 7, b integer default -1, c text default 'it''s', d text default '', e real default 1.5, f boolean default 0, g boolean default true, h json default '{}', i numeric default 1.50, j text default null, k integer default (3), l text default "quoted", m text default 5);
insert into t (id) values (1);
