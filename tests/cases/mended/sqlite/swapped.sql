create table v (id integer primary key, what text);
create view p as select id, what as code from v;
create trigger puts instead of insert on p begin insert into v (what) values (new.code); end;
create table c (id integer primary key, p_id int references p (id) on delete cascade, note varchar(40), old text);
create index c_note on c (note, id);
insert into v values (1, 'a');
insert into c (p_id, note, old) values (1, 'one', 'o');
