-- item: enum labels
create type mood as enum ('sad', 'glad');
