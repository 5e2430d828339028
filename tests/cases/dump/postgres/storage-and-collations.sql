create unlogged table t (a int);
create table u (a text collate "C", b text compression pglz, c text collate "POSIX" default 'x');
alter table u alter a set statistics 7;
alter table u alter b set storage external;
alter table u set (fillfactor = 70);
create statistics st on a, b from u;
create collation mine (provider = icu, locale = 'de');
create table x (a text collate mine);
