create table t (id integer primary key, a date default '2024-02-29', b datetime default '2024-02-29 12:30:15', c datetime default '0000-00-00', d timestamp default '2024-02-29T12:30:15+02:00');
insert into t values (1, '2024-01-01', '2024-01-01 00:00:00', '2024-01-01 00:00:00', '2024-01-01T00:00:00Z');
