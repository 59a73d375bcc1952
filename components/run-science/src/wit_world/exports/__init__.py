"""What the kernel is. Never what it does."""


class Kernel:
    """`sandmill:kernel/kernel`."""


class State:
    """`sandmill:kernel/state`."""
