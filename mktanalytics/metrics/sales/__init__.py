"""What sales are made of: price, volume and mix; ABC classes (methods 3, 7)."""
