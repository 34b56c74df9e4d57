package uk.ac.manchester.tornado.api.common;

/** What a task does with an array. */
public enum Access {
    NONE,
    READ_ONLY,
    WRITE_ONLY,
    READ_WRITE
}
