"""Groups tested on data that was not used to find them: sample splitting, permutation, extension."""
