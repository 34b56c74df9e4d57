package org.kolotoc.sampler.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.nn.diffusion.NoiseSchedule;

/** The way from noise to a sample. */
sealed interface Solver {
    /** The steps in their order, the last one to the sample itself. */
    List<Transition> transitions(NoiseSchedule schedule);

    /** How many of a schedule's steps it asks for; 0 where it takes all there are. */
    int asks();

    /**
     * So many of the steps of a schedule, as evenly as whole numbers are, from the last to the first.
     *
     * @param count from 1 to {@code steps}
     */
    static int[] times(int steps, int count) {
        return IntStream.range(0, count)
                .map(i -> count == 1 ? steps - 1 : (int) Math.round((steps - 1.0) * (count - 1 - i) / (count - 1)))
                .toArray();
    }

    /**
     * What is there before each step, drawn from what is there after it: as many steps as the schedule has (Ho et al.,
     * arXiv:2006.11239, algorithm 2, with the variance of the posterior).
     */
    record Ancestral() implements Solver {
        @Override
        public int asks() {
            return 0;
        }

        @Override
        public List<Transition> transitions(NoiseSchedule schedule) {
            List<Transition> transitions = new ArrayList<>();
            for (int t = schedule.steps() - 1; t >= 0; t--) {
                NoiseSchedule.Posterior posterior = schedule.posterior(t);
                transitions.add(
                        new Transition(t, posterior.noisy(), posterior.sample(), 0, Math.sqrt(posterior.variance())));
            }
            return transitions;
        }
    }

    /**
     * Steps of any length, with as much noise as is wanted (Song, Meng and Ermon, arXiv:2010.02502, equations 12 and 16).
     *
     * @param eta 0 for none, so that noise decides everything; 1 for that of ancestral sampling
     */
    record Implicit(int steps, double eta) implements Solver {
        @Override
        public int asks() {
            return steps;
        }

        @Override
        public List<Transition> transitions(NoiseSchedule schedule) {
            int[] times = times(schedule.steps(), steps);
            List<Transition> transitions = new ArrayList<>();
            for (int i = 0; i < times.length; i++) {
                double signal = schedule.signal(times[i]);
                double next = schedule.signal(i + 1 < times.length ? times[i + 1] : -1);
                double fresh = eta * Math.sqrt((1 - next) / (1 - signal) * (1 - signal / next));
                // The noise that is foreseen is what the sample leaves of x, in deviations of 1 - signal.
                double kept = Math.sqrt(Math.max(0, 1 - next - fresh * fresh)) / Math.sqrt(1 - signal);
                transitions.add(new Transition(times[i], kept, Math.sqrt(next) - kept * Math.sqrt(signal), 0, fresh));
            }
            return transitions;
        }
    }

    /**
     * DPM-Solver++(2M): what the last two samples that were foreseen say of the way between them (Lu et al., arXiv:2211.01095,
     * algorithm 2). The first step and the last, which goes to the sample itself, look at one alone. Its steps are as equal as
     * those of the schedule let them be in the logarithm of signal by noise, in which it is of second order.
     */
    record Multistep(int steps) implements Solver {
        @Override
        public int asks() {
            return steps;
        }

        @Override
        public List<Transition> transitions(NoiseSchedule schedule) {
            int[] times = times(schedule);
            List<Transition> transitions = new ArrayList<>();
            double before = 0;
            for (int i = 0; i < times.length; i++) {
                if (i + 1 == times.length) {
                    transitions.add(new Transition(times[i], 0, 1, 0, 0));
                    break;
                }
                double signal = schedule.signal(times[i]);
                double next = schedule.signal(times[i + 1]);
                double length = logRatio(next) - logRatio(signal);
                double noisy = Math.sqrt((1 - next) / (1 - signal));
                double towards = -Math.sqrt(next) * Math.expm1(-length);
                double beyond = i == 0 ? 0 : length / (2 * before);
                transitions.add(new Transition(times[i], noisy, towards * (1 + beyond), -towards * beyond, 0));
                before = length;
            }
            return transitions;
        }

        /** From the last step to the first; no step twice. */
        private int[] times(NoiseSchedule schedule) {
            int last = schedule.steps() - 1;
            double from = logRatio(schedule.signal(last));
            double to = logRatio(schedule.signal(0));
            int[] times = new int[steps];
            int time = last;
            for (int i = 0; i < steps; i++) {
                double wanted = from + (to - from) * i / Math.max(1, steps - 1);
                // As many have to be left as are still to be taken.
                while (i > 0
                        && time > steps - 1 - i
                        && (time == times[i - 1]
                                || distance(schedule, time - 1, wanted) < distance(schedule, time, wanted))) {
                    time--;
                }
                times[i] = time;
            }
            return times;
        }

        private static double distance(NoiseSchedule schedule, int time, double wanted) {
            return time < 0 ? Double.POSITIVE_INFINITY : Math.abs(logRatio(schedule.signal(time)) - wanted);
        }

        /** {@code log(sqrt(signal) / sqrt(1 - signal))}. */
        private static double logRatio(double signal) {
            return (Math.log(signal) - Math.log1p(-signal)) / 2;
        }
    }
}
