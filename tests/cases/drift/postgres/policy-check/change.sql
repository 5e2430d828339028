alter policy own on t with check (a = 1);
