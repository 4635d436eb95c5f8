"""Documents that the law or a buyer asks for, filled from what is published; every field says what it rests on."""
