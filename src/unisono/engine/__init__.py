"""Where tables live and kernels run."""
