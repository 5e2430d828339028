create table p (id int not null, code text not null, amount int, constraint p_pkey primary key (id, code), constraint p_id_key unique (id));
create table c (id bigint primary key, p_id int, p_code text, note varchar(40) collate "C", constraint c_p foreign key (p_id, p_code) references p (id, code), constraint c_p_id_fkey foreign key (p_id) references p (id));
create view over_v as select id, code from p;
create view v as select id, code, 0 as amount from over_v;
create trigger none before update on p for each row execute function suppress_redundant_updates_trigger();
insert into p values (1, 'a', 1), (2, 'b', 2);
insert into c values (4, 1, 'a', 'one'), (5, 2, 'b', 'two');
