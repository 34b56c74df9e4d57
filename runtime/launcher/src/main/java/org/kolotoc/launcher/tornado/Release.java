package org.kolotoc.launcher.tornado;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that is peculiar to a version of TornadoVM. Tested is {@value #TESTED}; it needs the compiler interface of HotSpot
 * (JVMCI) and Graal's jars in the place of the JDK's own modules.
 *
 * <p>Since 6.0.0 it needs neither: for 6.x, {@link #options} loses JVMCI, the upgraded modules and the export lists,
 * {@link BackEnd} loses PTX, which 6.0.0 removed, and the provider of annotations is asked in another way.
 */
final class Release {
    /** The version that this project was tested with. */
    static final String TESTED = "5.2.0-jdk25";

    /** The JDK it is made for, and no other. */
    static final int JDK = 25;

    /** What a user does to get it. */
    static final String INSTALL = "sdk install tornadovm " + TESTED + "-opencl (or -ptx, -cuda), or unpack the release "
            + TESTED + " of TornadoVM and: export TORNADOVM_HOME=<its folder>";

    /** Says the version, below the SDK's folder: a line {@code version=...}. */
    static final String FILE = "etc/tornado.release";

    /** TornadoVM's own jars. */
    static final String JARS = "share/java/tornado";

    /** Graal's, which replace the JDK's modules of the same names. */
    static final String GRAAL = "share/java/graalJars";

    /** Files of JVM options that open the JDK to its modules. */
    static final String EXPORTS = "etc/exportLists";

    /** Native libraries. */
    static final String LIBRARIES = "lib";

    /** Modules that every program on it needs. */
    static final List<String> MODULES =
            List.of("tornado.api", "tornado.runtime", "tornado.annotation", "tornado.drivers.common");

    private static final String RUNTIME = "uk.ac.manchester.tornado.runtime.";
    /** By name: the class {@link NoAnnotations} can only be loaded beside TornadoVM's own. */
    private static final String ANNOTATIONS = Release.class.getPackageName() + ".NoAnnotations";

    private static final long LEAST_MEMORY = 4L << 30;

    private Release() {}

    /** Whether a version is the tested one, whatever build of it. */
    static boolean knows(String version) {
        return version.equals(TESTED) || version.startsWith(TESTED + "-");
    }

    /** What to tell of a version that is not known. */
    static String unknown(String version) {
        return "TornadoVM " + version + " is not known, " + TESTED + " is expected"
                + (version.startsWith("6.")
                        ? " (6.x runs without JVMCI, has no PTX back end, and is not supported yet)"
                        : "");
    }

    /**
     * The options of a JVM that runs with it.
     *
     * @param memory of the largest device, in bytes; 0 when nobody knows
     */
    static List<String> options(Sdk sdk, List<BackEnd> backEnds, long memory) {
        List<String> drivers = backEnds.stream().map(BackEnd::module).toList();
        List<String> all = Stream.concat(MODULES.stream(), drivers.stream()).toList();
        String jars = sdk.jars(all).stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<String> options = new ArrayList<>(List.of(
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:+EnableJVMCI",
                "-Djava.library.path=" + sdk.folder().resolve(LIBRARIES),
                "-Dtornado.load.api.implementation=" + RUNTIME + "tasks.TornadoTaskGraph",
                "-Dtornado.load.runtime.implementation=" + RUNTIME + "TornadoCoreRuntime",
                "-Dtornado.load.tornado.implementation=" + RUNTIME + "common.Tornado",
                "-Dtornado.load.annotation.implementation=" + ANNOTATIONS,
                "-Dtornado.load.annotation.parallel=uk.ac.manchester.tornado.api.annotations.Parallel",
                // Otherwise a kernel that does not compile runs once in Java, for index 0 alone: wrong numbers,
                // silently.
                "-Dtornado.recover.bailout=False",
                // Its default is the fast and relaxed mathematics, which knows no infinity.
                "-Dtornado.opencl.compiler.flags=-w",
                "-Dtornado.device.memory=" + (Math.max(memory, LEAST_MEMORY) >> 20) + "MB",
                "-Dtornado.tvm.maxbytecodesize=1048576",
                // The host's copies of device arrays are such memory, and as long; what there is room for is asked
                // before.
                "-XX:MaxDirectMemorySize=1024t",
                // Each graph keeps lists of so many numbers: 128 KB each with the default.
                "-Dtornado.max.events=2048",
                "--module-path",
                jars,
                "--upgrade-module-path",
                sdk.folder().resolve(GRAAL).toString(),
                "--add-modules",
                String.join(",", all),
                "--enable-native-access=" + String.join(",", drivers)));
        options.add("@" + sdk.folder().resolve(EXPORTS).resolve("common-exports"));
        backEnds.forEach(
                backEnd -> options.add("@" + sdk.folder().resolve(EXPORTS).resolve(backEnd.id() + "-exports")));
        return options;
    }
}
