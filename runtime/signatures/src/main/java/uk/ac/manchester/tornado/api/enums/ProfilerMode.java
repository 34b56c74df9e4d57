package uk.ac.manchester.tornado.api.enums;

/** Whether times are kept quietly or printed. */
public enum ProfilerMode {
    CONSOLE,
    SILENT
}
