create type mood as enum ('sad', 'glad');
alter type mood add value 'calm' before 'glad';
