drop materialized view m;
create materialized view m as select a + 1 as a from t;
