package org.kolotoc.tests;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Plugins that do what no plugin should, each a phase of its own bundle {@code hostile.<name>}, all compiled at once.
 * Beside each class stands the component's description, as bnd writes it.
 */
final class HostilePlugins {
    /** Does not come back, whoever interrupts it. */
    static final String WAIT = "while (true) { try { Thread.sleep(60_000); } catch (InterruptedException e) { } }";

    /** What a bundle runs when it starts, and commands that it offers. */
    static final String ACTIVATOR = """
        import java.util.*;
        import java.util.function.ToIntFunction;
        import org.osgi.framework.*;

        public class Odd implements BundleActivator {
            @Override
            public void start(BundleContext context) throws Exception {
                %s
            }

            @Override
            public void stop(BundleContext context) {}

            static void offer(BundleContext context, String name, ToIntFunction<String[]> body) {
                context.registerService(ToIntFunction.class, body, new Hashtable<>(Map.of(
                        "kolotoc.command", name, "kolotoc.command.summary", "odd", "service.ranking", 1000)));
            }
        }
        """;

    /** Data that opens a file, reads on where nothing is left to read, and closes nothing. */
    static final String DATA = """
        import java.io.*;
        import java.nio.file.*;
        import org.kolotoc.api.*;

        public class Odd implements DataSource<Settings.None> {
            public Class<Settings.None> settings() {
                return Settings.None.class;
            }

            public Dataset open(Settings.None settings, DataContext context) {
                try {
                    InputStream in = Files.newInputStream(Files.createTempFile(context.scratch(), "odd", ""));
                    throw new EOFException("byte " + in.read());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        """;

    /** Replaces its own jar on the disk. */
    static final String SWAP = """
        public Odd() {
            try {
                var jar = java.net.URI.create(org.osgi.framework.FrameworkUtil.getBundle(Odd.class).getLocation());
                java.nio.file.Files.writeString(java.nio.file.Path.of(jar), "another");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        """;

    /** A command that runs others, a line each, and says in between what is begun, on both streams, and what came of it. */
    static final String EACH = """
        offer(context, "each", file -> {
            try {
                for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of(file[0]))) {
                    String[] words = line.split("\\t");
                    System.err.println("== " + words[0]);
                    System.out.println("== " + words[0]);
                    for (ServiceReference<?> found : context.getAllServiceReferences(
                            ToIntFunction.class.getName(), "(kolotoc.command=" + words[1] + ")")) {
                        if (found.getBundle().getSymbolicName().startsWith("org.kolotoc.")) {
                            @SuppressWarnings("unchecked")
                            ToIntFunction<String[]> command = (ToIntFunction<String[]>) context.getService(found);
                            System.err.println("\\n=> " + command.applyAsInt(Arrays.copyOfRange(words, 2, words.length)));
                        }
                    }
                }
                return 0;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        """;

    private static final String PHASE = """
        package hostile.%1$s;

        import java.util.*;
        import org.kolotoc.api.*;

        public class Odd %2$s{
            public record Plan(@Settings.Default("7") int %1$s) {}

            %3$s

            public Class<Plan> settings() {
                return Plan.class;
            }

            public Needs needs(Plan plan) {
                return Needs.none();
            }

            public List<Measure> measures(Plan plan) {
                return List.of(Measure.step("loss", "nats", Measure.Better.LOWER));
            }

            public Training prepare(Plan plan, PhaseContext context) {
                return Training.of(List.of(), (index, out) -> step(out), out -> {});
            }

            private static void step(Measurements out) {
                %4$s
            }

            /** What a jar may lack. */
            public static class Part {}
        }
        """;

    /** The program's own pre-training, and what is done besides when it is prepared, in its second step, and when it is closed. */
    private static final String PRETRAINING = """
        package hostile.%1$s;

        import java.nio.file.*;
        import java.util.*;
        import org.kolotoc.api.*;
        import org.kolotoc.phase.pretrain.*;

        public class Odd implements Phase<PretrainSettings> {
            private final Pretrain sound = new Pretrain();

            %2$s

            public Class<PretrainSettings> settings() {
                return PretrainSettings.class;
            }

            public Needs needs(PretrainSettings settings) {
                return sound.needs(settings);
            }

            public List<Measure> measures(PretrainSettings settings) {
                return sound.measures(settings);
            }

            public Training prepare(PretrainSettings settings, PhaseContext context) {
                Training training = sound.prepare(settings, context);
                act(() -> prepared());
                return new Training() {
                    private int taken;

                    public void step(long index, Measurements out) {
                        training.step(index, out);
                        if (++taken == 2) {
                            act(() -> bad(context, out));
                        }
                    }

                    public void evaluate(Measurements out) {
                        training.evaluate(out);
                    }

                    public void close() {
                        act(() -> closed());
                        training.close();
                    }
                };
            }

            private static void prepared() throws Throwable {
                %3$s
            }

            private static void bad(PhaseContext context, Measurements out) throws Throwable {
                %4$s
            }

            private static void closed() throws Throwable {
                %5$s
            }

            private interface Act {
                void act() throws Throwable;
            }

            private static void act(Act act) {
                try {
                    act.act();
                } catch (Throwable e) {
                    Odd.<RuntimeException>sneak(e);
                }
            }

            @SuppressWarnings("unchecked")
            private static <E extends Throwable> void sneak(Throwable thrown) throws E {
                throw (E) thrown;
            }
        }
        """;

    private static final int MAJOR_VERSION = 7;

    private final Path folder;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> headers = new LinkedHashMap<>();
    private final Map<String, String> components = new LinkedHashMap<>();
    private final Map<String, Path> carried = new LinkedHashMap<>();
    private final Map<String, String> lacking = new LinkedHashMap<>();
    private final Map<String, Integer> versions = new LinkedHashMap<>();

    HostilePlugins(Path folder) {
        this.folder = folder;
    }

    /** A phase with some members of its own, and with what it does in a step. */
    HostilePlugins phase(String name, String members, String step) {
        return add(name, PHASE.formatted(name, "implements Phase<Odd.Plan> ", members, step))
                .seat(name, "phase", "Phase", false);
    }

    /** A class that has all of a phase but its type. */
    HostilePlugins noPhase(String name) {
        return add(name, PHASE.formatted(name, "", "", "")).seat(name, "phase", "Phase", false);
    }

    /**
     * The program's own pre-training under another bundle's name, that does more.
     *
     * @param members of its class
     * @param prepared what it does besides when it is prepared
     * @param step what it does in its second step; {@code context} and {@code out} are there
     * @param closed what it does when it is closed
     */
    HostilePlugins pretraining(String name, String members, String prepared, String step, String closed) {
        return add(name, PRETRAINING.formatted(name, members, prepared, step, closed))
                .seat(name, "phase", "pretrain", "Phase", false)
                .header(
                        name,
                        "Import-Package",
                        "org.kolotoc.api,org.kolotoc.api.text,org.kolotoc.nn,org.kolotoc.tensor,org.kolotoc.tensor.reference,org.osgi.framework")
                .carrying(name, Assembled.jar("org.kolotoc.phase.pretrain"));
    }

    /** Any source of a class {@code Odd}. */
    HostilePlugins source(String name, String source) {
        return add(name, "package hostile." + name + ";\n" + source);
    }

    private HostilePlugins add(String name, String source) {
        sources.put(name, source);
        Map<String, String> manifest = new LinkedHashMap<>(Map.of(
                "Bundle-ManifestVersion", "2",
                "Bundle-SymbolicName", "hostile." + name,
                "Bundle-Version", "1.2.3",
                "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,org.osgi.framework"));
        headers.put(name, manifest);
        return this;
    }

    /** Declares that a plugin's class fills a seat; {@code immediate} has it made when its bundle starts. */
    HostilePlugins seat(String name, String kind, String type, boolean immediate) {
        return seat(name, kind, name, type, immediate);
    }

    private HostilePlugins seat(String name, String kind, String id, String type, boolean immediate) {
        header(name, "Provide-Capability", "kolotoc.seat;kind=" + kind + ";id=" + id + ";summary=odd");
        header(name, "Service-Component", "OSGI-INF/odd.xml");
        components.put(name, """
            <?xml version="1.0" encoding="UTF-8"?>
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="hostile.%1$s.Odd" immediate="%4$s">
              <property name="kolotoc.seat.kind" type="String" value="%2$s"/>
              <property name="kolotoc.seat.id" type="String" value="%5$s"/>
              <service><provide interface="org.kolotoc.api.%3$s"/></service>
              <implementation class="hostile.%1$s.Odd"/>
            </scr:component>
            """.formatted(name, kind, type, immediate, id));
        return this;
    }

    /** Lets a plugin's component wait for a service. */
    HostilePlugins reference(String name, String type) {
        components.computeIfPresent(
                name,
                (_, component) -> component.replace(
                        "<service>", "<reference name=\"other\" interface=\"" + type + "\"/>\n  <service>"));
        return this;
    }

    /** Takes a file out of a plugin's jar. */
    HostilePlugins without(String name, String file) {
        lacking.put(name, file);
        return this;
    }

    /** Gives a plugin's classes a version of class files. */
    HostilePlugins version(String name, int version) {
        versions.put(name, version);
        return this;
    }

    /** Puts a copy of another jar's classes into a plugin's. */
    HostilePlugins carrying(String name, Path other) {
        carried.put(name, other);
        return this;
    }

    /** Changes the manifest of a plugin; an empty value takes a header out. */
    HostilePlugins header(String name, String header, String value) {
        if (value.isEmpty()) {
            headers.get(name).remove(header);
        } else {
            headers.get(name).put(header, value);
        }
        return this;
    }

    /** Compiles them all and gives the jar of each, by name. */
    Map<String, Path> build() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> line = new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-cp", classPath()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve("src/hostile/" + source.getKey() + "/Odd.java");
            Files.createDirectories(file.getParent());
            line.add(Files.writeString(file, source.getValue()).toString());
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        if (ToolProvider.getSystemJavaCompiler().run(null, null, errors, line.toArray(String[]::new)) != 0) {
            throw new AssertionError(errors.toString());
        }
        Map<String, Path> jars = new LinkedHashMap<>();
        for (String name : sources.keySet()) {
            jars.put(name, jar(name, classes));
        }
        return jars;
    }

    private static String classPath() {
        return Stream.of("lib", "launcher")
                .flatMap(part -> Assembled.jars(part).stream())
                .map(Path::toString)
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }

    private Path jar(String name, Path classes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        headers.get(name).forEach(manifest.getMainAttributes()::putValue);
        Path jar = folder.resolve(name + ".jar");
        try (var out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            for (Path file : Assembled.files(classes.resolve("hostile/" + name), ".class")) {
                if (!file.getFileName().toString().equals(lacking.get(name))) {
                    put(zip, classes.relativize(file).toString(), bytes(name, file));
                }
            }
            if (carried.containsKey(name)) {
                copyClasses(carried.get(name), zip);
            }
            if (components.containsKey(name)) {
                put(zip, "OSGI-INF/odd.xml", components.get(name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private byte[] bytes(String name, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (versions.containsKey(name)) {
            bytes[MAJOR_VERSION] = versions.get(name).byteValue();
        }
        return bytes;
    }

    private static void copyClasses(Path jar, JarOutputStream zip) throws IOException {
        try (JarFile other = new JarFile(jar.toFile())) {
            for (JarEntry entry : other.stream().toList()) {
                if (entry.getName().endsWith(".class")) {
                    put(zip, entry.getName(), other.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    private static void put(JarOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new JarEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
