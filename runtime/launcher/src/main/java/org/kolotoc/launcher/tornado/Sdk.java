package org.kolotoc.launcher.tornado;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An installed TornadoVM, checked.
 *
 * @param folder as the user named it, absolute
 * @param version of its release file
 * @param modules names of all its modules, whatever their jars are called
 */
record Sdk(Path folder, String version, Set<String> modules) {

    /** There is none that can be used; the message says why and what to do. */
    static final class Absent extends Exception {
        private static final long serialVersionUID = 1;

        Absent(String message) {
            super(message);
        }
    }

    /**
     * The SDK that {@code TORNADOVM_HOME} names, else SDKMAN's current one.
     *
     * @param environment of the process
     * @param home the user's folder
     * @throws Absent when there is none, it is broken or its version is not known
     */
    static Sdk find(Map<String, String> environment, Path home) throws Absent {
        String named = environment.getOrDefault("TORNADOVM_HOME", "");
        if (!named.isBlank()) {
            return read(Path.of(named), "TORNADOVM_HOME=" + named);
        }
        String sdkman = environment.getOrDefault("SDKMAN_DIR", "");
        Path current =
                (sdkman.isBlank() ? home.resolve(".sdkman") : Path.of(sdkman)).resolve("candidates/tornadovm/current");
        if (!Files.exists(current)) {
            throw new Absent("TORNADOVM_HOME is not set: install TornadoVM: " + Release.INSTALL);
        }
        return read(current, current.toString());
    }

    private static Sdk read(Path named, String where) throws Absent {
        Path folder = named.toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new Absent(where + " is no folder; the folder of a TornadoVM SDK is expected: " + Release.INSTALL);
        }
        String version = version(folder, where);
        if (!Release.knows(version)) {
            throw new Absent(where + ": " + Release.unknown(version) + "; do: " + Release.INSTALL);
        }
        Set<String> modules = modules(folder, Release.JARS, where);
        for (String module : Release.MODULES) {
            if (!modules.contains(module)) {
                throw broken(where, Release.JARS + " has no module " + module);
            }
        }
        if (!modules(folder, Release.GRAAL, where).contains("jdk.graal.compiler")) {
            throw broken(where, Release.GRAAL + " has no module jdk.graal.compiler");
        }
        if (!Files.isRegularFile(folder.resolve(Release.EXPORTS).resolve("common-exports"))) {
            throw broken(where, Release.EXPORTS + "/common-exports is missing");
        }
        return new Sdk(folder, version, modules);
    }

    private static String version(Path folder, String where) throws Absent {
        Path file = folder.resolve(Release.FILE);
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith("version="))
                    .map(line -> line.substring("version=".length()).strip())
                    .findFirst()
                    .orElseThrow(() -> broken(where, Release.FILE + " has no line version=..."));
        } catch (IOException e) {
            throw broken(where, Release.FILE + (Files.exists(file) ? " cannot be read" : " is missing"));
        }
    }

    private static Set<String> modules(Path folder, String jars, String where) throws Absent {
        if (!Files.isDirectory(folder.resolve(jars))) {
            throw broken(where, jars + " is missing");
        }
        try {
            return ModuleFinder.of(folder.resolve(jars)).findAll().stream()
                    .map(ModuleReference::descriptor)
                    .map(descriptor -> descriptor.name())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (FindException e) {
            throw broken(where, jars + ": " + e.getMessage());
        }
    }

    private static Absent broken(String where, String what) {
        return new Absent(
                "the TornadoVM SDK is broken: " + where + ": " + what + "; install it anew: " + Release.INSTALL);
    }

    /** Whether it was built with a back end: its jar, its native library and its list of exports are there. */
    boolean has(BackEnd backEnd) {
        return modules.contains(backEnd.module())
                && Files.isRegularFile(library(backEnd.library()))
                && Files.isRegularFile(folder.resolve(Release.EXPORTS).resolve(backEnd.id() + "-exports"));
    }

    /** Where a native library of it lies, or would. */
    Path library(String name) {
        return folder.resolve(Release.LIBRARIES).resolve(System.mapLibraryName(name));
    }
}
