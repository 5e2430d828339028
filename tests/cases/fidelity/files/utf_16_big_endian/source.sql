pragma encoding = 'UTF-16be';
create table "été" (id integer primary key, v text, w varchar(4) unique);
insert into "été" values (1, 'äöü', 'é'), (2, '😀', ''), (3, null, '名前'), (4, 'a', 'a');
