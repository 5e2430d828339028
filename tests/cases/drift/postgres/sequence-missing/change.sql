drop sequence s;
