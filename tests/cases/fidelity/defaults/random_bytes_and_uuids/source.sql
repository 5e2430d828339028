create table t (id integer primary key, a text default (lower(hex(randomblob(16)))), b text default (hex(randomblob(4))), c blob default (randomblob(16)),
  d text default (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))),2) || '-' || substr('89ab',abs(random()) % 4 + 1, 1) || substr(lower(hex(randomblob(2))),2) || '-' || lower(hex(randomblob(6)))),
  e uuid default (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || '4' || substr(hex( randomblob(2)), 2) || '-' || substr('AB89', 1 + (abs(random()) % 4) , 1)  || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  f varchar(8) default (hex(randomblob(8))), g blob default (randomblob(100)));
insert into t values (1, 'a', 'B', x'00', '3e1b6a52-4a4b-4b1e-9b63-0d8f4e6a7c11', '3e1b6a52-4a4b-4b1e-9b63-0d8f4e6a7c11', 'c', x'');
