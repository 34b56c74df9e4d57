package org.kolotoc.launcher.tornado;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a JVM is to be started for a wanted backend.
 *
 * @param options of the JVM for TornadoVM; empty when it is to run without
 * @param absent why something is not there, by its id: {@code tornado} for all of it, {@code tornado:ptx} for a back end
 * @param fault why an SDK that the user has can't be used; empty when it can, or there is none
 */
record Choice(List<String> options, Map<String, String> absent, String fault) {
    private static final String BACKEND = "tornado";

    /**
     * Chooses the back ends of the SDK that can run here.
     *
     * @param wanted {@code tornado}, one of its back ends or devices ({@code tornado:opencl:0}), or {@code auto}, which
     *     takes the best for a graphics processor, and none where there is no such processor
     * @param jdk version of the JDK that will run, 0 when it has no JVMCI
     */
    static Choice of(String wanted, Map<String, String> environment, Path home, int jdk, Drivers drivers) {
        Sdk sdk;
        try {
            sdk = Sdk.find(environment, home);
        } catch (Sdk.Absent e) {
            return new Choice(List.of(), Map.of(BACKEND, e.getMessage()), e.named() ? e.getMessage() : "");
        }
        if (jdk != Release.JDK) {
            String fault = "TornadoVM " + sdk.version() + " runs on JDK " + Release.JDK + ", "
                    + (jdk == 0 ? "and this JDK has no JVMCI" : "this is JDK " + jdk)
                    + "; give another: KOLOTOC_JAVA_HOME=<folder of a JDK " + Release.JDK + "> ./kolotoc ...";
            return new Choice(List.of(), Map.of(BACKEND, fault), fault);
        }
        boolean auto = wanted.equals("auto");
        Map<String, String> absent = new LinkedHashMap<>();
        List<BackEnd> chosen = new ArrayList<>();
        long memory = 0;
        for (BackEnd backEnd : BackEnd.meant(wanted)) {
            Drivers.Answer answer = ask(sdk, backEnd, drivers);
            if (!answer.reason().isEmpty()) {
                absent.put(
                        BACKEND + ":" + backEnd.id(), answer.reason() + ": " + backEnd.title() + " back end left out");
            } else if (!auto || answer.gpu() && chosen.isEmpty()) {
                chosen.add(backEnd);
                memory = Math.max(memory, answer.memory());
            }
        }
        if (chosen.isEmpty()) {
            absent.put(
                    BACKEND,
                    auto
                            ? "there is no graphics processor that it can use; --backend tornado takes any device"
                            : "no back end of the SDK " + sdk.folder() + " can run here: "
                                    + String.join("; ", absent.values()));
            return new Choice(List.of(), absent, "");
        }
        if (chosen.contains(BackEnd.CUDA)) {
            String reason = drivers.findCublas();
            if (!reason.isEmpty()) {
                absent.put(BACKEND + ":cuda:cublas", reason + ": products by generated kernels instead of cuBLAS");
            }
        }
        return new Choice(Release.options(sdk, chosen, memory), absent, "");
    }

    private static Drivers.Answer ask(Sdk sdk, BackEnd backEnd, Drivers drivers) {
        String lack = sdk.lacks(backEnd);
        if (!lack.isEmpty()) {
            return Drivers.Answer.no(lack);
        }
        Drivers.Answer answer = drivers.ask(backEnd);
        if (!answer.reason().isEmpty()) {
            return answer;
        }
        Path library = sdk.library(backEnd.library());
        // Before it is loaded: a call that the driver lacks ends the process.
        String lag = backEnd == BackEnd.OPENCL ? "" : drivers.lags(library);
        if (!lag.isEmpty()) {
            return Drivers.Answer.no(lag);
        }
        String reason = drivers.load(library);
        return reason.isEmpty() ? answer : Drivers.Answer.no(reason);
    }

    /** Options of the JVM, with the reasons as system properties. */
    List<String> line() {
        List<String> line = new ArrayList<>(options);
        absent.forEach(
                (id, reason) -> line.add("-D" + Loaded.ABSENT + "." + id + "=" + reason.replaceAll("\\s+", " ")));
        return line;
    }
}
