-- item: comments
create type mood as enum ('sad', 'glad');
