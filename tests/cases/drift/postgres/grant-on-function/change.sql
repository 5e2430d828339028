revoke execute on function one() from public;
