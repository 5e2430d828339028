-- item: triggers
create table t (id int not null, a int, b text);
create rule quiet as on delete to t do instead nothing;
