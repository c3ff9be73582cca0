"""What a person says once so that a block becomes readable: proposals for mktanalytics.toml."""
