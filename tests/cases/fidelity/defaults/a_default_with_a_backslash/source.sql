create table t (id integer primary key, a text default 'C:\temp', b text default '100%', c text default '$1', d text default 'line
break');
insert into t (id) values (1);
