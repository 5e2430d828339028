create table DATABASECHANGELOG (ID varchar(255) not null, AUTHOR varchar(255) not null, FILENAME varchar(255) not null, DATEEXECUTED text not null, ORDEREXECUTED int not null, EXECTYPE varchar(10) not null, MD5SUM varchar(35), DESCRIPTION varchar(255), COMMENTS varchar(255), TAG varchar(255), LIQUIBASE varchar(20), CONTEXTS varchar(255), LABELS varchar(255), DEPLOYMENT_ID varchar(10));
insert into DATABASECHANGELOG values ('1', 'me', 'a.xml', '2024-02-29 12:30:15', 1, 'EXECUTED', '8:abc', '', '', null, '4.0', null, null, '123');
create table DATABASECHANGELOGLOCK (ID int not null, LOCKED boolean not null, LOCKGRANTED text, LOCKEDBY varchar(255), primary key (ID));
insert into DATABASECHANGELOGLOCK values (1, 0, null, null);
create table t (id integer primary key);
insert into t values (1);
