create table t (a int default ((1)), b text, check (((a) > (0)) and ((b == ('x')) or ((b) = "y"))));
