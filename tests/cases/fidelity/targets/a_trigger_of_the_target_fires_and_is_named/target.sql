create table t (id bigint primary key, v text);
create table heard (id bigint);
create function hear() returns trigger language plpgsql as $$ begin insert into heard values (new.id); return new; end $$;
create trigger hear after insert on t for each row execute function hear();
