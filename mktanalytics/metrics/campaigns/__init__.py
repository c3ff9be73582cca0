"""What a campaign did, by random test, difference in differences or synthetic control (methods 8.4)."""
