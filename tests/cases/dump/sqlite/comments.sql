create table t ( -- the table; with ';'
 a int, /* only: */ b text -- end
, c int
-- end
) -- last
;
