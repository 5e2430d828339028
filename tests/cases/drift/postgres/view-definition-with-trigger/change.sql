create or replace view v as select a, b from t where a > 0;
