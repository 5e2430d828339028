alter policy own on t using (a = 2);
