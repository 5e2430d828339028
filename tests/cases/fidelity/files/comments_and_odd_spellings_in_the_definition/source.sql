create table t ( -- a comment
  id INTEGER /* odd */ PRIMARY   KEY,
  [v] VarChar ( 9 ) Not Null Default ( 'x' ), `w` "text", n unsigned big int, d double precision, s varchar(5) collate nocase, x ""
);
insert into t values (1, 'a', 'b', 5, 1.5, 'S', 'any');
