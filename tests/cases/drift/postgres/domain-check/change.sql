alter domain age drop constraint age_check;
alter domain age add constraint age_check check (value > 1);
