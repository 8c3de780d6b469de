"""One reader per format. `registry.extract` picks the reader; everything else here is behind it."""
