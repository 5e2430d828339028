create table p (id integer primary key autoincrement, code text not null unique, amount int not null default 1 check (amount > 0), old text);
create table c (id integer primary key, p_id int references p (id) on delete cascade, note varchar(40));
create view over_v as select 1 as one;
create virtual table found using fts5 (text);
create trigger logs after insert on c when new.note is not null begin insert into found (text) values (new.note); end;
create trigger tells after delete on c begin delete from found where rowid = old.id; end;
insert into p (code, amount, old) values ('a', 1, 'o');
insert into c (p_id, note) values (1, 'one');
