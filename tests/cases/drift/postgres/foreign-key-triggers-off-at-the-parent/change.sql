alter table u disable trigger all;
