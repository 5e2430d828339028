alter type mood rename value 'sad' to 'low';
