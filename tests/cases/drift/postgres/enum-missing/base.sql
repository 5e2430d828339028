-- item: enums
create type mood as enum ('sad', 'glad');
