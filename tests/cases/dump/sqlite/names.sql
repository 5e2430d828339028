create table "order" ("group" int, [sel ect] text, `back` int, "dq""x" int);
create table Ünï (é int);
create table 'quoted' ('col' int);
create table "a.b" (c int);
create table CamelCase (MyCol int, constraint Camel_PK primary key (MyCol));
create index CamelIdx on CamelCase (MyCol);
