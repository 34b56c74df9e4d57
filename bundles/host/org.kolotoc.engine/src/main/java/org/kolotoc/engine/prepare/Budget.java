package org.kolotoc.engine.prepare;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;

/**
 * The memory of each device, and the processors, of which the runs of a host take their shares: each is promised what it
 * will take before it takes it.
 */
public final class Budget {
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<Object, Integer> threads = new LinkedHashMap<>();

    /**
     * What runs were promised of a device.
     *
     * @param overhead bytes that the first of them found taken beside what runs take
     * @param promised bytes by run
     */
    private record Pool(long overhead, Map<Promise, Long> promised) {}

    /**
     * A share that may be promised.
     *
     * @param beside what other runs were promised
     */
    public record Offer(MemoryPlan plan, Optional<MemoryPlan.Others> beside) {}

    /** A run's share, until it is closed. */
    public final class Promise implements AutoCloseable {
        private final String device;
        private final String run;
        private MemoryPlan plan;

        /** Bytes that were promised beside the plan. */
        private long more;

        private Promise(String device, String run, MemoryPlan plan) {
            this.device = device;
            this.run = run;
            this.plan = plan;
        }

        /** With everything that is taken beside it. */
        public MemoryPlan plan() {
            return plan;
        }

        /** What a successor of the experiment would be promised now. */
        public Offer offer(Workbench successor, Optional<Long> given) {
            Optional<MemoryPlan.Others> others = beside();
            return new Offer(MemoryPlan.of(successor, given, others), others);
        }

        private Optional<MemoryPlan.Others> beside() {
            synchronized (Budget.this) {
                Pool pool = pools.get(device);
                pool.promised().remove(this);
                try {
                    return others(device);
                } finally {
                    pool.promised().put(this, plan.own() + more);
                }
            }
        }

        /**
         * Promises another share in the place of this one, for a successor of the experiment.
         *
         * @param offer of some time ago; not looked at where other runs began or ended since
         * @param require refuses what does not fit; then everything is as it was
         */
        public void exchange(Offer offer, Workbench successor, Optional<Long> given, Consumer<MemoryPlan> require) {
            synchronized (Budget.this) {
                Offer now = offer.beside().equals(beside()) ? offer : offer(successor, given);
                require.accept(now.plan());
                plan = now.plan();
                pools.get(device).promised().put(this, plan.own() + more);
            }
        }

        /**
         * Promises more, for a while: of what goes on beside the steps.
         *
         * @param what takes it, for the message
         * @return gives it back when it is closed
         * @throws InputError when it does not fit, with the figures
         */
        public Runnable promiseMore(String what, long bytes) {
            synchronized (Budget.this) {
                Pool pool = pools.get(device);
                long others = pool.promised().entrySet().stream()
                        .filter(promised -> promised.getKey() != this)
                        .mapToLong(Map.Entry::getValue)
                        .sum();
                long taken = plan.overhead() + plan.own() + more + others;
                if (plan.limit() > 0 && taken + bytes > plan.limit()) {
                    throw InputError.of(
                            what + " would take " + Printable.bytes(bytes) + " of memory, but of "
                                    + Printable.bytes(plan.limit()) + " (" + plan.limitedBy() + ") "
                                    + Printable.bytes(taken) + " are taken",
                            "begin a run that has more, with --memory, or a smaller batch");
                }
                take(pool, bytes);
                return () -> {
                    synchronized (Budget.this) {
                        take(pool, -bytes);
                    }
                };
            }
        }

        private void take(Pool pool, long bytes) {
            more += bytes;
            pool.promised().computeIfPresent(this, (_, _) -> plan.own() + more);
        }

        @Override
        public void close() {
            synchronized (Budget.this) {
                Pool pool = pools.get(device);
                if (pool != null) {
                    pool.promised().remove(this);
                    if (pool.promised().isEmpty()) {
                        pools.remove(device);
                    }
                }
            }
        }
    }

    /**
     * Promises a prepared run what it will take.
     *
     * @param run its name, for those that are refused later
     * @param given how much there is, as a person says it; what the device has if none
     * @param require refuses what does not fit
     */
    public synchronized Promise promise(
            String run, Workbench bench, Optional<Long> given, Consumer<MemoryPlan> require) {
        String device = bench.backend().id();
        MemoryPlan plan = MemoryPlan.of(bench, given, others(device));
        require.accept(plan);
        Promise promise = new Promise(device, run, plan);
        pools.computeIfAbsent(device, _ -> new Pool(plan.overhead(), new LinkedHashMap<>()))
                .promised()
                .put(promise, plan.own());
        return promise;
    }

    /** What other runs were promised of a device. */
    private Optional<MemoryPlan.Others> others(String device) {
        return Optional.ofNullable(pools.get(device))
                .map(pool -> new MemoryPlan.Others(
                        pool.overhead(),
                        pool.promised().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        pool.promised().keySet().stream()
                                .map(promise -> promise.run)
                                .toList()));
    }

    /** Processors for a run that asks for none: those that no other run has, at least one. */
    public synchronized int processors(Object run, Optional<Integer> asked) {
        int there = Runtime.getRuntime().availableProcessors();
        int given = threads.values().stream().mapToInt(Integer::intValue).sum();
        int own = asked.orElse(Math.max(1, there - given));
        threads.put(run, own);
        return own;
    }

    /** The run is over. */
    public synchronized void giveBack(Object run) {
        threads.remove(run);
    }
}
