package org.kolotoc.launcher.tornado;

import java.lang.module.ModuleFinder;
import java.nio.file.Path;

/** A process of its own, since drivers may end it: prints the options that a JVM needs for a backend, a line each. */
public final class Start {
    private Start() {}

    /** Takes the wanted backend: {@code tornado}, {@code tornado:ptx}, {@code auto}. */
    public static void main(String[] line) {
        boolean jvmci = ModuleFinder.ofSystem().find("jdk.internal.vm.ci").isPresent();
        Choice choice = Choice.of(
                line[0],
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                jvmci ? Runtime.version().feature() : 0,
                new NativeDrivers());
        choice.line().forEach(System.out::println);
        if (line[0].equals("auto") && !choice.fault().isEmpty()) {
            System.err.println(Trial.LEFT_OUT + choice.fault());
        }
        // Drivers that were asked may have threads of their own.
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
