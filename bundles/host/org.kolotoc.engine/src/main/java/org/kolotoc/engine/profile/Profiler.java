package org.kolotoc.engine.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.prepare.Prepared;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.tensor.Explanation;

/** Takes some steps of every phase of a prepared experiment and measures them. */
public final class Profiler {
    /** Once no step was faster for so long, HotSpot has compiled what a step is made of. */
    private static final long WARM_NANOSECONDS = 4_000_000_000L;

    private static final double FASTER = 0.98;

    private static final int LEAST_WARM_UP = 3;

    private final Workbench bench;
    private final long steps;
    private final OptionalLong warmUp;
    private final Listener listener;

    /** Hears how far it is. */
    @FunctionalInterface
    public interface Listener {
        /**
         * After each step.
         *
         * @param phase its name
         * @param done measured steps; 0 while it warms up
         */
        void at(String phase, long done);
    }

    /**
     * A profiler.
     *
     * @param steps that are measured
     * @param warmUp steps before; until they get no faster if not given
     */
    public Profiler(Workbench bench, long steps, OptionalLong warmUp, Listener listener) {
        this.bench = bench;
        this.steps = steps;
        this.warmUp = warmUp;
        this.listener = listener;
    }

    /** Sums of one program. */
    private static final class Times {
        private final long[] total;
        private final long[] least;
        private long runs;

        Times(int kernels) {
            total = new long[kernels];
            least = new long[kernels];
        }

        void add(long[] nanoseconds) {
            for (int i = 0; i < nanoseconds.length; i++) {
                total[i] += nanoseconds[i];
                least[i] = runs == 0 ? nanoseconds[i] : Math.min(least[i], nanoseconds[i]);
            }
            runs++;
        }

        void forget() {
            runs = 0;
            Arrays.fill(total, 0);
        }
    }

    /**
     * Trains and measures. The state of the bench is another one afterwards.
     *
     * @throws InputError when the backend measures no times
     */
    public Profile measure() {
        Map<String, Times> times = new LinkedHashMap<>();
        Map<String, Prepared> programs = bench.programs();
        programs.forEach((name, program) -> {
            Times own = new Times(program.explain().kernels().size());
            times.put(name, own);
            program.measure(own::add);
        });
        List<Profile.Phase> phases = new ArrayList<>();
        for (Stage stage : bench.stages()) {
            String name = stage.plan().name();
            bench.begin(stage, true);
            long index = warmUp(name, stage);
            times.values().forEach(Times::forget);
            long began = System.nanoTime();
            for (long done = 1; done <= steps; done++) {
                step(stage, index++);
                listener.at(name, done);
            }
            double ms = (System.nanoTime() - began) / 1e6 / steps;
            phases.add(new Profile.Phase(name, steps, ms, kernels(times, programs)));
            bench.end(stage);
        }
        return new Profile(
                Profile.SCHEMA,
                bench.experiment().name(),
                bench.backend().id(),
                bench.backend().device(),
                phases);
    }

    /** How many steps that took. */
    private long warmUp(String name, Stage stage) {
        long index = 0;
        long best = Long.MAX_VALUE;
        long improved = System.nanoTime();
        boolean warm = false;
        while (!warm) {
            long began = System.nanoTime();
            step(stage, index++);
            long now = System.nanoTime();
            listener.at(name, 0);
            if (now - began < FASTER * best) {
                best = now - began;
                improved = now;
            }
            warm = warmUp.isPresent()
                    ? index >= warmUp.getAsLong()
                    : index >= LEAST_WARM_UP && now - improved > WARM_NANOSECONDS;
        }
        return index;
    }

    /** A short phase begins anew. */
    private void step(Stage stage, long index) {
        stage.training().step(index % Math.max(1, stage.plan().steps()), (_, _) -> {});
    }

    private List<Profile.Kernel> kernels(Map<String, Times> times, Map<String, Prepared> programs) {
        List<Profile.Kernel> all = new ArrayList<>();
        times.forEach((program, own) -> {
            if (own.runs == 0) {
                return;
            }
            List<Explanation.Kernel> kernels = programs.get(program).explain().kernels();
            for (int i = 0; i < kernels.size(); i++) {
                Explanation.Kernel kernel = kernels.get(i);
                all.add(new Profile.Kernel(
                        program,
                        kernel.kind(),
                        kernel.name(),
                        kernel.detail(),
                        1,
                        (double) own.runs / steps,
                        own.total[i] / 1e6 / steps,
                        own.least[i] / 1e3,
                        kernel.flops(),
                        kernel.bytes()));
            }
        });
        return all;
    }
}
