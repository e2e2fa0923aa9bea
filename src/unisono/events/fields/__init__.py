"""Values of a batch become columns: ids, times, lists, as a mapping names them."""
