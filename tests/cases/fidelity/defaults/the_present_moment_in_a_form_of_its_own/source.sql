create table t (id integer primary key, a text default (strftime('%Y-%m-%d %H:%M:%fZ', 'now')), b datetime default (strftime('%Y-%m-%dT%H:%M:%SZ','now')), c text default (strftime('%H:%M', 'now')), d text default (strftime('%w', 'now')), e date default (strftime('%Y-%m-%d','now')));
insert into t values (1, 'x', '2024-02-29T12:30:15Z', 'y', 'z', '2024-02-29');
