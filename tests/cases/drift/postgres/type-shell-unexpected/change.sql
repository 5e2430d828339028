create type announced;
