create table t (id integer primary key, owner uuid default '00000000-0000-0000-0000-000000000000', opens time default '09:30',
  other uuid default 'none', closes time default '25:00');
insert into t (id, other, closes) values (1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '18:00:00');
