train-continue = Continue training
