package org.kolotoc.launcher.tornado;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What TornadoVM compiles kernels for; those that suit a graphics processor best come first. */
enum BackEnd {
    CUDA("CUDA", "libcuda.so.1"),
    PTX("PTX", "libcuda.so.1"),
    OPENCL("OpenCL", "libOpenCL.so.1");

    private final String title;
    private final String driver;

    BackEnd(String title, String driver) {
        this.title = title;
        this.driver = driver;
    }

    /** As in {@code tornado:opencl:0}. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For a person. */
    String title() {
        return title;
    }

    /** The driver's library on Linux. */
    String driver() {
        return driver;
    }

    /** Name of the native library of the SDK that speaks to the driver. */
    String library() {
        return "tornado-" + id();
    }

    /** Name of the SDK's module. */
    String module() {
        return "tornado.drivers." + id();
    }

    /** Those that a wanted backend may mean: one where it names it, {@code tornado:ptx}, else all. */
    static List<BackEnd> meant(String wanted) {
        String[] parts = wanted.split(":");
        Optional<BackEnd> one = Arrays.stream(values())
                .filter(b -> parts.length > 1 && b.id().equals(parts[1]))
                .findFirst();
        return one.map(List::of).orElse(List.of(values()));
    }
}
