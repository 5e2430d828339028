alter domain age set not null;
