-- item: column default
create table t (a text default 'long');
