-- item: column type
create table posts (id int not null, score bigint);
create view vp as select id, score from posts;
create function io() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger io_t instead of insert on vp for each row execute function io();
