create table People (
    id integer primary key autoincrement,
    "First Name" varchar(40) collate nocase not null on conflict ignore default 'X', -- as it is spoken
    born date check (born > '1900'),
    age as (2026 - born) stored,
    initial text generated always as (substr("First Name", 1, 1)),
    city_id int constraint lives_in references Cities ("order") on delete set null on update cascade deferrable initially deferred,
    constraint one_of_a_kind unique ("First Name" collate binary, born desc) on conflict replace,
    constraint "has a name" check ("First Name" <> "" and born is not null)
);
create table cities (code text, "order" int, made text default current_timestamp,
    primary key (code, "order" desc) on conflict fail, unique ("order"),
    foreign key (code, "order") references Cities match full) strict, without rowid;
create table legacy (id int primary key, parent integer references nowhere, other references nowhere (x));
create index by_name on People (lower("First Name"), born desc) where age > 18;
create unique index by_city on People (city_id collate nocase);
create view "Grown Ups" (who, since) as select "First Name", born + 18 from People where age >= 18 order by "First Name";
create trigger "On Grown Ups" instead of insert on "Grown Ups" for each row begin
    insert into People ("First Name") values (new.who);
end;
create trigger guard update of born on People when old.born <> new.born begin select raise(abort, 'No.'); end;
create virtual table notes using fts5 (title, body, tokenize = 'porter ascii');
insert into People (born) values (1980);
analyze;
