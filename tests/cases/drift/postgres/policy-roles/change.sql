alter policy own on t to current_user;
