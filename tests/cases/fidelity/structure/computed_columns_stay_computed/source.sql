create table person (
  id integer primary key, first text not null, last text, born integer, vip boolean,
  name text generated always as (first || ' ' || last) stored,
  initial text as (substr(first, 1, 1)),
  shout text generated always as (upper(trim(first))) virtual,
  tag text as ('#' || id || '-' || born) stored,
  age_in_2024 integer as (2024 - born),
  kind text as (case when born is null then 'unknown' when born < 1990 then 'old' else 'young' end) stored,
  is_old integer as (born < 1990),
  bare text as (replace(first, ' ', '')) stored not null
);
create unique index person_tag on person (tag);
create index person_kind on person (kind, age_in_2024);
insert into person (id, first, last, born, vip) values (1, 'Ann', 'Bär', 1980, 1), (2, ' Émile ', null, 2001, 0), (3, 'ßtraße', 'İ', null, null), (4, '', '', 1990, 1);
