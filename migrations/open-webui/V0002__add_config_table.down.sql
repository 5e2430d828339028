drop table config;
