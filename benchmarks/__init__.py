"""Speed, measured against what a user would pick instead, on the same input in the same run."""
