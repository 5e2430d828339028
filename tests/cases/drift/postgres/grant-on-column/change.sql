grant update (a) on t to public;
