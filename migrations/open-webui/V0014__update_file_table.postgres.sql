-- revision: 7826ab40b532
-- down_revision: 57c599a3cb57

alter table file add column access_control json;
