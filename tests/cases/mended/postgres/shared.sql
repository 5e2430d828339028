create sequence numbers;
create table p (id int not null default nextval('numbers'), code text not null, amount int not null default 5, constraint p_id unique (id), constraint p_pkey primary key (code));
create table c (id bigint not null default nextval('numbers') primary key, p_id int references p (id), p_code text references p (code), note text default 'none');
create table log (id bigint default nextval('numbers'), what text);
create function f() returns trigger language plpgsql as $$ begin
  insert into log (what) values (new.code);
  return new;
end $$;
create trigger logs after insert or update of amount on p for each row execute function f();
insert into p (code, amount) values ('a', 1), ('b', 2);
insert into c (p_id, p_code, note) values (1, 'a', 'one');
