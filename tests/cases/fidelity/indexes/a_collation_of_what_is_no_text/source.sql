create table t (id integer primary key, price real collate nocase, day date collate rtrim, seen integer, data collate nocase);
create index by_price on t (price, day);
create unique index by_seen on t (seen collate nocase desc);
create unique index by_data on t (data);
insert into t values (1, 1.5, '2024-05-06', 10, 'a'), (2, 1.5, '2024-05-07', 11, x'00');
