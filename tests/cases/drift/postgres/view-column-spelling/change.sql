drop view v;
create view v as select a as "A", b from t;
