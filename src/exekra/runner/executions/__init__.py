"""What the Hub assigns and how it is carried out, one execution at a time."""
