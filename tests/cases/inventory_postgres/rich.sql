-- A schema in which everything occurs that an inventory of PostgreSQL tells. For version 15 and newer.
create type mood as enum ('sad', 'ok', 'happy');
comment on type mood is 'how one feels';
create domain positive as integer default 1 not null constraint positive_check check (value > 0);
create domain short_text as varchar(20) collate "C" check (value in ('a', 'b'));
create type address as (street text, zip varchar(10) collate "C");
create type pair as (head text, tail varchar(10));
create type period as range (subtype = timestamptz);
create sequence counter as integer increment by 5 minvalue 5 maxvalue 1000 start with 10 cache 3 cycle;
create sequence plain_counter;
create function add_one(n integer default 1) returns integer language sql immutable strict parallel safe as 'select n + 1';
create function touch() returns trigger language plpgsql security definer set search_path = pg_catalog as $$ begin return new; end $$;
create function modern(n integer) returns integer language sql begin atomic; select n + 1; end;
create procedure noop(inout n integer) language sql as 'select n';
create aggregate total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
create table users (
    id bigint generated always as identity (start with 100 increment by 2) primary key,
    email varchar(40) collate "C" not null,
    name text default 'nobody'::text,
    mood mood default 'ok',
    age positive,
    born date default '2000-01-01',
    seen timestamptz default '2020-01-01 00:00:00+00',
    full_name text generated always as (name || ' <' || email || '>') stored,
    bio text,
    kind varchar(10) constraint kind_known check (kind in ('x', 'y')),
    home address,
    constraint users_email_key unique (email),
    constraint name_and_kind unique nulls not distinct (name, kind) include (bio) deferrable initially deferred,
    check (length(email) > 3) no inherit
) with (fillfactor = 70, toast.autovacuum_enabled = false);
comment on table users is 'people';
comment on column users.email is 'where they are reached';
comment on constraint kind_known on users is 'two kinds';
alter table users alter column bio set storage external, alter column bio set statistics 500, alter column kind set compression pglz;
alter table users alter column kind set (n_distinct = 2);
create table "Odd table" (
    id serial primary key,
    "user id" bigint constraint odd_user references users on delete set null ("user id") on update cascade deferrable initially deferred,
    during period, room int4range,
    a int, b int,
    constraint no_overlap exclude using gist (room with &&) where (a > 0)
);
alter table "Odd table" add constraint late check (a < b) not valid;
alter table "Odd table" add constraint late_reference foreign key (a) references "Odd table" (id) match full not valid;
create table composed (x int, y int, z text, primary key (y, x));
create unlogged table scratchpad (v text, n numeric(10,2));
alter table scratchpad enable row level security;
alter table scratchpad force row level security;
create policy see on scratchpad as restrictive for select to public using (v in ('a', 'b'));
create policy write on scratchpad for insert with check (v <> 'q');
alter table composed replica identity full;
create table parent (p int, q text default 'q');
create table child (r int) inherits (parent);
create table measured (at date not null, v int) partition by range (at);
create table measured_2020 partition of measured for values from ('2020-01-01') to ('2021-01-01');
create table measured_rest partition of measured default;
create index measured_v on measured (v);
create unique index users_lower on users (lower(email) text_pattern_ops desc nulls last, name collate "C") include (bio) where kind in ('x') and age > 0;
create index users_gin on users using gin (to_tsvector('simple', bio)) with (fastupdate = off);
comment on index users_gin is 'searched';
create index users_brin on users using brin (id) with (pages_per_range = 32);
alter table composed cluster on composed_pkey;
create statistics users_stats (dependencies, ndistinct) on name, kind from users;
alter statistics users_stats set statistics 100;
create view adults with (security_barrier = true) as select id, email, name from users where age >= 18 and kind in ('x', 'y') with local check option;
comment on view adults is 'grown up';
comment on column adults.email is 'seen';
create materialized view moods as select mood, count(*) as how_many from users group by mood;
create unique index moods_mood on moods (mood);
create trigger touched before update of email on users for each row when (old.email is distinct from new.email and new.kind in ('x')) execute function touch();
create trigger idle after insert on users for each statement execute function touch();
alter table users disable trigger idle;
create constraint trigger checked after insert on composed deferrable initially deferred for each row execute function touch();
create rule no_delete as on delete to composed do instead nothing;
create table granted (a int, b int);
create table plain (id int, code varchar(40) collate "C", note text, big bigint);
create function later() returns event_trigger language plpgsql as $$ begin end $$;
grant select, insert on granted to pg_monitor;
grant update (b) on granted to public;
grant usage on sequence counter to pg_monitor with grant option;
revoke execute on function add_one(integer) from public;
grant usage on type mood to pg_monitor;
