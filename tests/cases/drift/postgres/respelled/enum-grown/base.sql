create type mood as enum ('sad', 'calm', 'glad');
