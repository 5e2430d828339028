alter table c alter constraint c_p deferrable initially deferred;
