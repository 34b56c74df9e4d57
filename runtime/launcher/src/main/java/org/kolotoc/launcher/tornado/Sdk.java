package org.kolotoc.launcher.tornado;

import java.io.File;
import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An installed TornadoVM, checked.
 *
 * @param folder as the user named it, absolute
 * @param version of its release file
 * @param modules all its modules by their names, whatever their jars are called
 * @param graal modules of Graal that come with it, likewise
 */
record Sdk(Path folder, String version, Map<String, ModuleReference> modules, Map<String, ModuleReference> graal) {

    /** What to tell where there is none. */
    static final String NONE = "TORNADOVM_HOME is not set: install TornadoVM: " + Release.INSTALL;

    /** There is none that can be used; the message says why and what to do. */
    static final class Absent extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean named;

        Absent(String message, boolean named) {
            super(message);
            this.named = named;
        }

        /** Whether the user has one, which is no good. */
        boolean named() {
            return named;
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
        String named = named(environment);
        if (!named.isEmpty()) {
            return read(Path.of(named), "TORNADOVM_HOME=" + named);
        }
        Path current = current(environment, home);
        if (!isThere(environment, home)) {
            throw new Absent(NONE, false);
        }
        return read(current, current.toString());
    }

    /** Whether the user has one, of whatever kind. */
    static boolean isThere(Map<String, String> environment, Path home) {
        return !named(environment).isEmpty() || Files.exists(current(environment, home));
    }

    private static String named(Map<String, String> environment) {
        return environment.getOrDefault("TORNADOVM_HOME", "").strip();
    }

    private static Path current(Map<String, String> environment, Path home) {
        String sdkman = environment.getOrDefault("SDKMAN_DIR", "");
        return (sdkman.isBlank() ? home.resolve(".sdkman") : Path.of(sdkman)).resolve("candidates/tornadovm/current");
    }

    private static Sdk read(Path named, String where) throws Absent {
        Path folder = named.toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new Absent(
                    where + " is no folder; the folder of a TornadoVM SDK is expected: " + Release.INSTALL, true);
        }
        if (folder.toString().contains(File.pathSeparator)) {
            throw new Absent(
                    where + " has a '" + File.pathSeparator
                            + "' in it, which parts folders for Java; move the SDK or give a link to it",
                    true);
        }
        String version = version(folder, where);
        if (!Release.knows(version)) {
            throw new Absent(where + ": " + Release.unknown(version) + "; do: " + Release.INSTALL, true);
        }
        Map<String, ModuleReference> modules = modules(folder, Release.JARS, where);
        for (String module : Release.MODULES) {
            if (!modules.containsKey(module)) {
                throw broken(where, Release.JARS + " has no module " + module);
            }
        }
        Map<String, ModuleReference> graal = modules(folder, Release.GRAAL, where);
        if (!graal.containsKey("jdk.graal.compiler")) {
            throw broken(where, Release.GRAAL + " has no module jdk.graal.compiler");
        }
        String exports = exports(folder, "common");
        if (!exports.isEmpty()) {
            throw broken(where, exports);
        }
        Sdk sdk = new Sdk(folder, version, modules, graal);
        String missing = sdk.missing(Release.MODULES);
        if (!missing.isEmpty()) {
            throw broken(where, missing);
        }
        return sdk;
    }

    /** What is wrong with a file of options that open modules, which Java takes as they are; empty if nothing. */
    private static String exports(Path folder, String name) {
        String file = Release.EXPORTS + "/" + name + "-exports";
        try {
            List<String> options = Files.readAllLines(folder.resolve(file)).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
            return options.stream()
                    .filter(option -> !option.startsWith("--add-"))
                    .findFirst()
                    .map(option -> file + " has a line that is no option of modules: " + option)
                    .orElse(options.isEmpty() ? file + " is empty" : "");
        } catch (IOException _) {
            return file + (Files.exists(folder.resolve(file)) ? " cannot be read" : " is missing");
        }
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

    private static Map<String, ModuleReference> modules(Path folder, String jars, String where) throws Absent {
        if (!Files.isDirectory(folder.resolve(jars))) {
            throw broken(where, jars + " is missing");
        }
        try {
            Map<String, ModuleReference> modules = new TreeMap<>();
            ModuleFinder.of(folder.resolve(jars))
                    .findAll()
                    .forEach(module -> modules.put(module.descriptor().name(), module));
            return modules;
        } catch (FindException e) {
            throw broken(where, jars + ": " + e.getMessage());
        }
    }

    private static Absent broken(String where, String what) {
        return new Absent(
                "the TornadoVM SDK is broken: " + where + ": " + what + "; install it anew: " + Release.INSTALL, true);
    }

    /** What it lacks for a back end; empty if it has its modules, its native library and its list of exports. */
    String lacks(BackEnd backEnd) {
        boolean module = modules.containsKey(backEnd.module());
        Path library = library(backEnd.library());
        if (!module && !Files.exists(library)) {
            return "the SDK " + folder + " was built without it";
        }
        String what = !module
                ? Release.JARS + " has no module " + backEnd.module()
                : !Files.isRegularFile(library)
                        ? Release.LIBRARIES + "/" + library.getFileName() + " is missing"
                        : exports(folder, backEnd.id());
        what = what.isEmpty() ? missing(List.of(backEnd.module())) : what;
        return what.isEmpty() ? "" : broken(folder.toString(), what).getMessage();
    }

    /** A module that is nowhere and that others need; empty if there is none. Those of the JDK are for it to have. */
    private String missing(Collection<String> roots) {
        Map<String, ModuleReference> own = new HashMap<>(modules);
        own.putAll(graal);
        Deque<String> open = new ArrayDeque<>(roots);
        open.addAll(graal.keySet());
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            String name = open.pop();
            ModuleReference module = own.get(name);
            if (module == null) {
                continue;
            }
            for (String required : required(module)) {
                boolean ofJdk = required.startsWith("java.") || required.startsWith("jdk.");
                if (!own.containsKey(required) && !ofJdk) {
                    return "no jar has the module " + required + ", which " + name + " requires";
                }
                if (seen.add(required)) {
                    open.add(required);
                }
            }
        }
        return "";
    }

    /** Where a native library of it lies, or would. */
    Path library(String name) {
        return folder.resolve(Release.LIBRARIES).resolve(System.mapLibraryName(name));
    }

    /**
     * The jars of modules and of what they and Graal require. A JVM that saw the others would take those that offer a
     * service too: a back end that can not run here is one of them.
     */
    List<Path> jars(Collection<String> roots) {
        Set<Path> jars = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(roots);
        graal.values().forEach(module -> open.addAll(required(module)));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            ModuleReference module = modules.get(name);
            if (seen.add(name) && module != null) {
                module.location().map(Path::of).ifPresent(jars::add);
                open.addAll(required(module));
            }
        }
        return List.copyOf(jars);
    }

    private static Set<String> required(ModuleReference module) {
        return module.descriptor().requires().stream()
                .filter(required -> !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
