-- item: enum order
create type mood as enum ('sad', 'calm', 'glad');
