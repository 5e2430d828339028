drop table message;
drop table channel;
