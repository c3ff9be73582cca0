"""An invented beverage maker: how it sells, what it spends, and how its people fill in workbooks."""
