//! Small guests, one per behaviour: `examples/` export typed functions, `src/bin/` are commands.
//! Never used by anything but tests, each of which names the program it runs.
