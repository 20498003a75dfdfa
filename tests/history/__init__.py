"""Files of other programs, as they are and as nobody would write them."""
