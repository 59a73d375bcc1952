"""What the kernel may ask. Never more than the component imports."""
