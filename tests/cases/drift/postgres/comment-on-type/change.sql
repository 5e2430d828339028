comment on type mood is 'how one feels';
