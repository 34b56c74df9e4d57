package org.kolotoc.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.kolotoc.bench.ceiling.Ceilings;
import org.kolotoc.bench.kernels.KernelBench;

/** {@code ./kolotoc bench}. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        try {
            BenchArguments arguments = BenchArguments.of(Arrays.asList(args));
            switch (arguments.what()) {
                case COMPARE -> new SideBySide(arguments, System.out::println).run();
                case CEILING -> ceilings(arguments);
                case KERNELS -> kernels(arguments);
            }
        } catch (BenchArguments.Wrong e) {
            System.err.println("kolotoc: " + e.getMessage());
            System.err.println("  ./kolotoc bench --help");
            System.exit(2);
        } catch (WorkerProcess.Refused e) {
            System.err.println("kolotoc: " + e.getMessage());
            System.err.println("  ./kolotoc devices lists what there is");
            System.exit(2);
        } catch (IOException e) {
            System.err.println("kolotoc: " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    private static void kernels(BenchArguments arguments) throws BenchArguments.Wrong, InterruptedException {
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
