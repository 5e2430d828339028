alter sequence s increment by 5;
