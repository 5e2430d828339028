drop type announced;
