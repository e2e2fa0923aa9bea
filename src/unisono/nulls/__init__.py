"""What chance does: who touches what, when, and how fast, and how often two accounts coincide by that alone."""
