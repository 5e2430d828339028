alter function one() security definer;
