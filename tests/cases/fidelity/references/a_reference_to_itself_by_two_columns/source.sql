create table t (a integer, b integer, up_a integer, up_b integer, primary key (a, b), foreign key (up_a, up_b) references t (a, b));
insert into t values (1, 1, 2, 2), (2, 2, null, null);
