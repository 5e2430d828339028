alter table c drop constraint c_p;
