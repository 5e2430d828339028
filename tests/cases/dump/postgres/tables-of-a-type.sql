create type ty as (a int, b text);
create table t of ty;
create table u of ty (primary key (a));
