"""Posts as each platform writes them: what goes in must come out."""
