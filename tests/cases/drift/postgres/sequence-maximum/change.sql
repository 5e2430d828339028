alter sequence s maxvalue 1000 cycle;
