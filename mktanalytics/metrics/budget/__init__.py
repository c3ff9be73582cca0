"""Budget and spending: amounts, execution, pace, forecasts, returns (methods 4)."""
