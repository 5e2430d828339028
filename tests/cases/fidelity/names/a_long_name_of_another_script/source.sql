create table "名名名名名名名名名名名名名名名名名名名名名名名名名名名名名名" (id integer primary key autoincrement, "前前前前前前前前前前前前前前前前前前前前前前" text unique);
insert into "名名名名名名名名名名名名名名名名名名名名名名名名名名名名名名" values (1, 'x');
