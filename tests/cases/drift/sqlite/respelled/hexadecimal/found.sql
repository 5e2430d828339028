create table t (a int check (a & 0xFF != 0x10));
