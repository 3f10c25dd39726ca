"""Twenty-five behavioural segments and four reports, asked of Shoal, DuckDB and chDB."""
