revoke insert on t from public;
