//! What the pointer does on the page: before, keys and mouse, after.
