package org.kolotoc.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.kolotoc.bench.ceiling.Ceilings;
import org.kolotoc.bench.kernels.KernelBench;
import org.kolotoc.bench.tokenizer.TokenizerBench;
import org.kolotoc.develop.ExitCode;

/** {@code ./kolotoc bench}. */
final class Main {
    private Main() {}

    /** Ends the process with the exit code. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        ExitCode code = ExitCode.DONE;
        try {
            BenchArguments arguments = BenchArguments.of(Arrays.asList(args));
            String absent = System.getProperty("kolotoc.absent.tornado", "");
            if (!arguments.backend().equals(OurBackend.CPU) && !absent.isEmpty()) {
                throw new BenchArguments.Wrong("no backend " + arguments.backend() + ": " + absent);
            }
            switch (arguments.what()) {
                case COMPARE -> new SideBySide(arguments, System.out::println).run();
                case CEILING -> ceilings(arguments);
                case KERNELS -> kernels(arguments);
                case TOKENIZER -> new TokenizerBench(arguments.json(), System.out::println, project()).run();
            }
        } catch (BenchArguments.Wrong e) {
            code = failed(ExitCode.BAD_INPUT, e.getMessage(), "./kolotoc bench --help", e);
        } catch (WorkerProcess.Refused e) {
            code = failed(ExitCode.BAD_INPUT, e.getMessage(), "./kolotoc devices lists what there is", e);
        } catch (IOException | RuntimeException | Error e) {
            code = failed(ExitCode.DEFECT, "nothing could be timed: " + e.getMessage(), "--debug shows where", e);
        } catch (InterruptedException e) {
            code = ExitCode.INTERRUPTED;
        }
        System.exit(code.code());
    }

    /** Where these classes lie: {@code bench/target/classes}. */
    private static Path project() {
        try {
            return Path.of(Main.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve("../../..")
                    .normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ExitCode failed(ExitCode code, String message, String next, Throwable e) {
        System.err.println("kolotoc: " + message + "\n  do: " + next);
        if (Boolean.getBoolean("kolotoc.debug")) {
            e.printStackTrace();
        }
        return code;
    }

    private static void ceilings(BenchArguments arguments) throws InterruptedException {
        List<Integer> all = arguments.threads();
        try (Progress progress = new Progress("ceiling", Collections.nCopies(all.size(), 1.0))) {
            for (int threads : all) {
                progress.begin(threads == 1 ? "1 thread" : threads + " threads");
                Ceilings ceilings = Ceilings.measure(threads);
                progress.clear();
                System.out.println(arguments.json() ? ceilings.json() : ceilings.table());
            }
        }
    }

    private static void kernels(BenchArguments arguments)
            throws BenchArguments.Wrong, IOException, InterruptedException {
        List<String> names = KernelBench.names().stream()
                .filter(name -> arguments.only().matcher(name).find())
                .toList();
        if (names.isEmpty()) {
            throw new BenchArguments.Wrong("--only '" + arguments.only() + "' leaves none of " + KernelBench.names());
        }
        List<Integer> all = arguments.threads();
        KernelBench bench = new KernelBench(Side.OURS.options(), arguments.json(), System.out::println);
        try (Progress progress = new Progress("kernels", Collections.nCopies((names.size() + 1) * all.size(), 1.0))) {
            for (int threads : all) {
                progress.begin("ceilings");
                Ceilings ceilings = Ceilings.measure(threads);
                progress.clear();
                bench.head(ceilings);
                for (String name : names) {
                    progress.begin(name + ", threads " + threads);
                    bench.time(name, ceilings);
                    progress.clear();
                }
            }
        }
    }
}
