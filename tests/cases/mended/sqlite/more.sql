create table p (id integer primary key autoincrement, code text not null unique, amount int not null default 1 check (amount > 0), extra text default 'x', doubled int as (amount * 2));
create table c (id integer primary key, p_id int references p (id) on delete cascade, note varchar(40), kind text);
create table d (id integer primary key, c_id int references c (id));
create index c_kind on c (kind) where kind is not null;
create view v as select id, code, amount, extra from p;
create trigger puts instead of insert on v begin insert into p (code, amount) values (new.code, new.amount); end;
insert into p (code, amount) values ('a', 1), ('b', 2);
insert into c (p_id, note, kind) values (1, 'one', 'k'), (2, 'two', null);
insert into d (c_id) values (1);
