create or replace view v as select a from t where a > 1 with local check option;
