create type mood as enum ('calm', 'glad', 'sad');
create table p (id serial primary key, code text not null, amount bigint not null check (amount > 0), mood mood default 'glad', extra text);
create unique index p_code on p (code);
create table c (id bigserial primary key, p_id int, note text, constraint c_p foreign key (p_id) references p (id) on delete cascade);
create view v as select id, code, amount, extra from p;
create materialized view kept as select code, amount from v;
create index kept_code on kept (code);
create function f() returns trigger language plpgsql as $$ begin
  new.code := trim(new.code);
  return new;
end $$;
create trigger trims before insert on p for each row execute function f();
insert into p (id, code, amount, extra) values (7, 'a', 1, 'x'), (8, 'b', 2, 'y');
insert into c (id, p_id, note) values (11, 7, 'one'), (12, 8, 'two');
