package org.kolotoc.api;

import java.net.URI;

/**
 * A file of a public data set.
 *
 * @param path below a data folder: {@code text/tinyshakespeare.txt}
 * @param bytes its size
 * @param sha256 of its content, in hexadecimal
 * @param address where the public has it
 */
public record PublicFile(String path, long bytes, String sha256, URI address) {}
