create table t (id integer primary key, n int, r real, s text, b blob, a any) strict;
insert into t values (1, 2, 2.5, 'x', x'00', 7), (2, null, null, null, null, 'seven'), (3, 1, 1, '', x'', 1.5);
create table u (id integer primary key, a any) strict;
insert into u values (1, '007'), (2, '7');
