package uk.ac.manchester.tornado.runtime.library.spi;

/** What a library keeps for one plan on one device. */
public interface LibraryContext {}
