comment on constraint positive on t is 'why';
