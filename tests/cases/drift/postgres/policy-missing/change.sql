drop policy own on t;
