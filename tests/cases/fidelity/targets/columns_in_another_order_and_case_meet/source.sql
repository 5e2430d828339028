create table Users (Id integer primary key, EMail text, name text);
insert into Users values (1, 'a@b', 'n');
