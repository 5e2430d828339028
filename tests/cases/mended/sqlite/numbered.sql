create table p (id integer primary key autoincrement, code text not null unique, amount int not null default 1 check (amount > 0));
create table c (id integer primary key, p_id int references p (id) on delete cascade, note varchar(40));
create index c_note on c (note);
create view v as select id, code, amount from p;
create view over_v as select code, amount + 1 as more from v where amount > 0;
create trigger logs after insert on p begin insert into c (p_id, note) select new.id, code from v where id = new.id; end;
insert into p (code, amount) values ('a', 1), ('b', 2);
