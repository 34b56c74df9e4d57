package org.kolotoc.launcher.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which options a JVM gets, for recorded layouts of the SDK and made-up answers of drivers. */
class ChoiceTest {
    private static final long GIGABYTE = 1L << 30;
    private static final Drivers.Answer PROCESSOR = new Drivers.Answer("", false, 12 * GIGABYTE);
    private static final Drivers.Answer GPU = new Drivers.Answer("", true, 80 * GIGABYTE);

    @TempDir
    Path folder;

    /** Drivers that answer so; a library whose name begins so can not be loaded. */
    private record Answers(Drivers.Answer opencl, Drivers.Answer nvidia, String broken) implements Drivers {
        @Override
        public Answer ask(BackEnd backEnd) {
            return backEnd == BackEnd.OPENCL ? opencl : nvidia;
        }

        @Override
        public String lags(Path library) {
            return broken.equals("old") && library.toString().contains("ptx") ? "the driver is too old" : "";
        }

        @Override
        public String load(Path library) {
            return !broken.isEmpty() && library.getFileName().toString().contains(broken)
                    ? library + ": libmissing.so.1: cannot open shared object file"
                    : "";
        }

        @Override
        public String findCublas() {
            return broken.equals("cublas") ? "libcublas.so.13 not found" : "";
        }
    }

    private static final Drivers ALL = new Answers(PROCESSOR, GPU, "");
    private static final Drivers NO_NVIDIA = new Answers(PROCESSOR, Drivers.Answer.no("libcuda.so.1 not found"), "");

    private Choice choose(String wanted, Drivers drivers) {
        return Choice.of(wanted, Map.of("TORNADOVM_HOME", folder.toString()), Path.of("nowhere"), 25, drivers);
    }

    private static void assertAbsent(Choice choice, String id, String... parts) {
        String reason = choice.absent().getOrDefault(id, "");
        for (String part : parts) {
            assertTrue(reason.contains(part), () -> "«" + part + "» expected for " + id + " in " + choice.absent());
        }
    }

    private String after(Choice choice, String option) {
        return choice.options().get(choice.options().indexOf(option) + 1);
    }

    @Test
    void onlyTheBackEndsThatCanRunAreStarted() {
        RecordedSdk.write(folder, BackEnd.OPENCL, BackEnd.PTX, BackEnd.CUDA);
        Choice choice = choose("tornado", NO_NVIDIA);
        assertEquals(
                "tornado.api,tornado.runtime,tornado.annotation,tornado.drivers.common,tornado.drivers.opencl",
                after(choice, "--add-modules"));
        assertTrue(choice.options().contains("@" + folder.resolve("etc/exportLists/opencl-exports")));
        assertFalse(choice.options().contains("@" + folder.resolve("etc/exportLists/ptx-exports")));
        assertEquals(
                "libcuda.so.1 not found: CUDA back end left out",
                choice.absent().get("tornado:cuda"));
        assertEquals(
                "libcuda.so.1 not found: PTX back end left out", choice.absent().get("tornado:ptx"));
        assertEquals(2, choice.absent().size());
    }

    @Test
    void aBackEndThatTheDriverIsTooOldForIsLeftOut() {
        RecordedSdk.write(folder, BackEnd.OPENCL, BackEnd.PTX, BackEnd.CUDA);
        Choice choice = choose("tornado", new Answers(PROCESSOR, GPU, "old"));
        assertEquals(Map.of("tornado:ptx", "the driver is too old: PTX back end left out"), choice.absent());
    }

    /** A module that offers a service is taken by a JVM that sees it, whatever its command line adds. */
    @Test
    void theJvmSeesNoModulesOfOtherBackEnds() {
        RecordedSdk.write(folder, BackEnd.OPENCL, BackEnd.PTX, BackEnd.CUDA);
        assertEquals(
                Set.of(
                        "collections",
                        "nativeimage",
                        "tornado-annotation",
                        "tornado-api",
                        "tornado-drivers-common",
                        "tornado-drivers-opencl",
                        "tornado-runtime"),
                jars(choose("tornado", NO_NVIDIA)));
        assertEquals(
                Set.of("tornado-drivers-ptx", "tornado-drivers-cuda"),
                jars(choose("tornado", ALL)).stream()
                        .filter(jar -> !jars(choose("tornado:opencl", ALL)).contains(jar))
                        .collect(Collectors.toSet()));
    }

    /** Names of the jars on the module path, without versions. */
    private Set<String> jars(Choice choice) {
        return Arrays.stream(after(choice, "--module-path").split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString().replaceAll("-[0-9].*", ""))
                .collect(Collectors.toSet());
    }

    @Test
    void theOptionsAreThoseThatItNeeds() {
        RecordedSdk.write(folder, BackEnd.OPENCL);
        Choice choice = choose("tornado", NO_NVIDIA);
        for (String option : List.of(
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:+EnableJVMCI",
                "-Djava.library.path=" + folder.resolve("lib"),
                "-Dtornado.load.api.implementation=uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph",
                "-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime",
                "-Dtornado.load.tornado.implementation=uk.ac.manchester.tornado.runtime.common.Tornado",
                "-Dtornado.load.annotation.implementation=org.kolotoc.launcher.tornado.NoAnnotations",
                "-Dtornado.load.annotation.parallel=uk.ac.manchester.tornado.api.annotations.Parallel",
                "-Dtornado.recover.bailout=False",
                "-Dtornado.opencl.compiler.flags=-w",
                "-Dtornado.device.memory=12288MB",
                "-Dtornado.tvm.maxbytecodesize=1048576",
                "-Dtornado.max.events=2048",
                "--enable-native-access=tornado.drivers.opencl",
                "@" + folder.resolve("etc/exportLists/common-exports"))) {
            assertTrue(choice.options().contains(option), () -> option + " is not in " + choice.options());
        }
        assertEquals(folder.resolve("share/java/graalJars").toString(), after(choice, "--upgrade-module-path"));
        assertEquals(choice.options().size(), new HashSet<>(choice.options()).size(), "an option twice");
        assertEquals("org.kolotoc.launcher.tornado.NoAnnotations", NoAnnotations.class.getName());
    }

    /** A real JVM takes them all, and has the modules: the libraries are not needed for that. */
    @Test
    void aJvmStartsWithTheOptions() throws IOException, InterruptedException {
        RecordedSdk.write(folder.resolve("with space"), BackEnd.OPENCL, BackEnd.CUDA);
        Choice choice =
                Choice.of("tornado", Map.of("TORNADOVM_HOME", folder + "/with space"), Path.of("nowhere"), 25, ALL);
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(choice.line());
        line.addAll(List.of("--list-modules"));
        Path out = folder.resolve("out.txt");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String text = Files.readString(out);
        assertEquals(0, process.exitValue(), text);
        for (String module : List.of("tornado.api", "tornado.drivers.opencl", "tornado.drivers.cuda")) {
            assertTrue(text.contains(module + " "), () -> module + " is not in\n" + text);
        }
        assertFalse(text.contains("WARNING") || text.contains("Error"), text);
    }

    @Test
    void aDeviceNeedsItsBackEndAlone() {
        RecordedSdk.write(folder, BackEnd.OPENCL, BackEnd.PTX, BackEnd.CUDA);
        assertTrue(after(choose("tornado:ptx", ALL), "--add-modules").endsWith(".common,tornado.drivers.ptx"));
        assertTrue(after(choose("tornado:opencl:1", ALL), "--add-modules").endsWith(".common,tornado.drivers.opencl"));
        assertTrue(after(choose("tornado", ALL), "--add-modules")
                .endsWith("tornado.drivers.cuda,tornado.drivers.ptx,tornado.drivers.opencl"));
        // What it does not know is for the engine to refuse, with all devices there are.
        assertTrue(after(choose("tornado:foo", ALL), "--add-modules").contains("tornado.drivers.opencl"));
        assertTrue(choose("tornado", ALL).options().contains("-Dtornado.device.memory=81920MB"));
    }

    @Test
    void autoTakesTheBestForAGraphicsProcessorOrNothing() {
        RecordedSdk.write(folder, BackEnd.OPENCL, BackEnd.PTX, BackEnd.CUDA);
        assertTrue(after(choose("auto", ALL), "--add-modules").endsWith("common,tornado.drivers.cuda"));
        Choice radeon = choose("auto", new Answers(GPU, Drivers.Answer.no("libcuda.so.1 not found"), ""));
        assertTrue(after(radeon, "--add-modules").endsWith("common,tornado.drivers.opencl"));
        Choice processor = choose("auto", NO_NVIDIA);
        assertEquals(List.of(), processor.options(), "the CPU path keeps its JVM");
        assertAbsent(processor, "tornado", "no graphics processor", "--backend tornado");
    }

    @Test
    void withoutAnSdkThereIsAReasonAndNothingElse() {
        Choice choice = Choice.of("tornado", Map.of(), folder, 25, ALL);
        assertEquals(List.of(), choice.options());
        assertAbsent(choice, "tornado", "TORNADOVM_HOME is not set: install TornadoVM", "5.2.0-jdk25", "sdk install");
        assertEquals(1, choice.line().size());
        assertTrue(choice.line().getFirst().startsWith("-Dkolotoc.absent.tornado=TORNADOVM_HOME is not set"));
    }

    @Test
    void sdkmansCurrentOneIsFound() {
        RecordedSdk.write(folder.resolve(".sdkman/candidates/tornadovm/current"), BackEnd.OPENCL);
        assertFalse(
                Choice.of("tornado", Map.of(), folder, 25, NO_NVIDIA).options().isEmpty());
        RecordedSdk.write(folder.resolve("elsewhere/candidates/tornadovm/current"), BackEnd.OPENCL);
        Map<String, String> environment = Map.of("SDKMAN_DIR", folder + "/elsewhere", "TORNADOVM_HOME", "");
        Choice choice = Choice.of("tornado", environment, Path.of("nowhere"), 25, NO_NVIDIA);
        assertTrue(after(choice, "--module-path").contains("elsewhere"));
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Choice choice = Choice.of("tornado", Map.of("TORNADOVM_HOME", folder + "/none"), folder, 25, ALL);
        assertEquals(List.of(), choice.options());
        assertAbsent(choice, "tornado", "TORNADOVM_HOME=" + folder + "/none is no folder", "sdk install tornadovm");
    }

    @Test
    void anUnknownVersionIsNamedWithTheExpectedOne() {
        RecordedSdk.write(folder, BackEnd.OPENCL).file("etc/tornado.release", "version=4.0.1\n");
        assertAbsent(
                choose("tornado", ALL),
                "tornado",
                "TORNADOVM_HOME=" + folder,
                "TornadoVM 4.0.1 is not known, 5.2.0-jdk25 is expected",
                "sdk install");
        RecordedSdk.write(folder, BackEnd.OPENCL).file("etc/tornado.release", "version=6.0.0\n");
        Choice newer = choose("tornado", ALL);
        assertAbsent(newer, "tornado", "TornadoVM 6.0.0 is not known", "6.x runs without JVMCI, has no PTX back end");
        assertEquals(List.of(), newer.options());
        RecordedSdk.write(folder, BackEnd.OPENCL).file("etc/tornado.release", "version=5.2.0-jdk21\n");
        assertAbsent(choose("tornado", ALL), "tornado", "TornadoVM 5.2.0-jdk21 is not known");
        RecordedSdk.write(folder, BackEnd.OPENCL).file("etc/tornado.release", "version=5.2.0-jdk25-opencl\n");
        assertFalse(choose("tornado", ALL).options().isEmpty(), "a build of the tested version");
    }

    @Test
    void aBrokenFolderIsNamedWithWhatIsMissing() {
        broken("etc/tornado.release", "etc/tornado.release is missing");
        broken("etc/exportLists/common-exports", "etc/exportLists/common-exports is missing");
        broken(
                "share/java/tornado/tornado-runtime-5.2.0-jdk25.jar",
                "share/java/tornado has no module tornado.runtime");
        broken("share/java/graalJars/compiler-25.0.2.jar", "share/java/graalJars has no module jdk.graal.compiler");
        broken("share/java/tornado/nativeimage-25.0.2.jar", "no jar has the module org.graalvm.nativeimage, which");
        broken("share/java/tornado/collections-25.0.2.jar", "org.graalvm.collections, which tornado.runtime requires");
        RecordedSdk.write(folder, BackEnd.OPENCL).file("etc/exportLists/common-exports", "# nothing\n");
        assertAbsent(choose("tornado", ALL), "tornado", "etc/exportLists/common-exports is empty");
        RecordedSdk.write(folder, BackEnd.OPENCL).file("etc/exportLists/common-exports", "--add-reads=a=b\n rubbish\n");
        assertAbsent(choose("tornado", ALL), "tornado", "common-exports has a line that is no option", "rubbish");
        RecordedSdk.write(folder, BackEnd.OPENCL).file("etc/tornado.release", "branch=master\n");
        assertAbsent(choose("tornado", ALL), "tornado", "etc/tornado.release has no line version=");
        RecordedSdk.write(folder, BackEnd.OPENCL).file("share/java/tornado/tornado-api-5.2.0-jdk25.jar", "half a jar");
        assertAbsent(choose("tornado", ALL), "tornado", "broken", "share/java/tornado", "tornado-api-5.2.0-jdk25.jar");
    }

    /** In the order of the names of who requires them, so that every process says the same of one folder. */
    @Test
    void ofSeveralModulesThatAreMissingTheFirstIsNamed() {
        RecordedSdk sdk = RecordedSdk.write(folder, BackEnd.OPENCL);
        List<String> names = List.of("fir", "oak", "ash", "elm", "yew", "bay", "box", "fig", "tea");
        names.forEach(name -> sdk.jar("share/java/graalJars/" + name + ".jar", "a." + name, "no." + name));
        for (String name : names.stream().sorted().toList()) {
            assertAbsent(
                    choose("tornado", ALL),
                    "tornado",
                    "no jar has the module no." + name + ", which a." + name + " requires");
            sdk.jar("share/java/tornado/" + name + ".jar", "no." + name);
        }
        assertFalse(choose("tornado", ALL).options().isEmpty());
    }

    private void broken(String path, String said) {
        RecordedSdk.write(folder, BackEnd.OPENCL).without(path);
        Choice choice = choose("tornado", ALL);
        assertEquals(List.of(), choice.options());
        assertAbsent(
                choice, "tornado", "the TornadoVM SDK is broken: TORNADOVM_HOME=" + folder, said, "install it anew");
    }

    @Test
    void aBackEndOfWhichPartsAreMissingIsNotOneThatWasLeftOut() {
        String library = "lib/" + System.mapLibraryName("tornado-opencl");
        RecordedSdk.write(folder, BackEnd.OPENCL, BackEnd.CUDA).without(library);
        assertAbsent(choose("tornado", ALL), "tornado:opencl", "broken", library + " is missing", "install it anew");
        RecordedSdk.write(folder, BackEnd.OPENCL).without("etc/exportLists/opencl-exports");
        assertAbsent(choose("tornado", ALL), "tornado:opencl", "opencl-exports is missing");
        RecordedSdk.write(folder, BackEnd.OPENCL).without("share/java/tornado/tornado-drivers-opencl-5.2.0-jdk25.jar");
        assertAbsent(choose("tornado", ALL), "tornado:opencl", "has no module tornado.drivers.opencl");
        RecordedSdk.write(folder.resolve("other"), BackEnd.CUDA);
        Choice without = Choice.of("tornado", Map.of("TORNADOVM_HOME", folder + "/other"), folder, 25, ALL);
        assertAbsent(without, "tornado:opencl", "was built without it");
    }

    @Test
    void aFolderWhoseNamePartsPathsIsRefused() {
        String name = folder + "/a" + File.pathSeparator + "b";
        RecordedSdk.write(Path.of(name), BackEnd.OPENCL);
        assertAbsent(Choice.of("tornado", Map.of("TORNADOVM_HOME", name), folder, 25, ALL), "tornado", name, "move");
    }

    @Test
    void namesOfJarsDoNotMatter() {
        RecordedSdk.write(folder, BackEnd.OPENCL)
                .without("share/java/tornado/tornado-api-5.2.0-jdk25.jar")
                .jar("share/java/tornado/tornado-api-5.2.0-jdk25-db146ae.jar", "tornado.api");
        assertFalse(choose("tornado", ALL).options().isEmpty());
    }

    @Test
    void anotherJdkIsRefused() {
        RecordedSdk.write(folder, BackEnd.OPENCL);
        Map<String, String> environment = Map.of("TORNADOVM_HOME", folder.toString());
        Choice newer = Choice.of("tornado", environment, folder, 26, ALL);
        assertEquals(List.of(), newer.options());
        assertAbsent(newer, "tornado", "runs on JDK 25, this is JDK 26", "KOLOTOC_JAVA_HOME");
        assertAbsent(Choice.of("tornado", environment, folder, 0, ALL), "tornado", "this JDK has no JVMCI");
    }

    @Test
    void aLibraryThatCanNotBeLoadedLeavesItsBackEndOut() {
        RecordedSdk.write(folder, BackEnd.OPENCL, BackEnd.CUDA);
        Choice choice = choose("tornado", new Answers(PROCESSOR, GPU, "tornado-cuda"));
        assertTrue(after(choice, "--add-modules").endsWith(".common,tornado.drivers.opencl"));
        assertAbsent(choice, "tornado:cuda", "libmissing.so.1: cannot open", "CUDA back end left out");
        Choice slow = choose("tornado", new Answers(PROCESSOR, GPU, "cublas"));
        assertTrue(after(slow, "--add-modules").endsWith("tornado.drivers.cuda,tornado.drivers.opencl"));
        assertAbsent(slow, "tornado:cuda:cublas", "libcublas.so.13 not found", "instead of cuBLAS");
        Choice nothing = choose(
                "tornado", new Answers(Drivers.Answer.no("libOpenCL.so.1 not found"), Drivers.Answer.no("x"), ""));
        assertEquals(List.of(), nothing.options());
        assertAbsent(nothing, "tornado", "no back end", folder.toString(), "libOpenCL.so.1 not found: OpenCL back end");
    }

    /** On whatever machine this is: an answer, or a reason that begins with the library's name. */
    @Test
    void theMachinesDriversAnswer() {
        NativeDrivers drivers = new NativeDrivers();
        for (BackEnd backEnd : BackEnd.values()) {
            Drivers.Answer answer = drivers.ask(backEnd);
            assertTrue(
                    answer.reason().isEmpty()
                            ? answer.memory() > 0
                            : answer.reason().startsWith(backEnd.driver())
                                    || answer.reason().startsWith("/System"),
                    answer::toString);
        }
        assertTrue(drivers.load(folder.resolve("libnone.so")).contains("libnone.so"));
    }
}
