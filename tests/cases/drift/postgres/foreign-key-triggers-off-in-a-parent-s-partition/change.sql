alter table u1 disable trigger all;
