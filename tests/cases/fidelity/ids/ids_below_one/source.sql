create table t (id integer primary key, v text);
insert into t values (-5, 'a'), (0, 'b');
create table u (id integer primary key autoincrement);
insert into u values (-5);
