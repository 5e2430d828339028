-- item: triggers
create table t (id int not null, v varchar(5));
create rule quiet as on update to t where new.v in ('a', 'b') do instead nothing;
