package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Stopped;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

/** The negative controls of the samplers' suite: one that breaks a promise fails the test of that promise. */
class SamplerSuiteFailsTest {
    /** What a sampler does wrong. */
    private enum Fault {
        NONE,
        IGNORES_SEED,
        IGNORES_STREAM,
        /** Numbers come from where the last draw ended. */
        DRAWS_ON,
        /** A sample is made of how many there are. */
        LOOKS_AT_COUNT,
        /** Weights are those of when it was prepared. */
        KEEPS_OLD_WEIGHTS,
        MOVES_A_WEIGHT,
        DRAWS_ONE,
        DRAWS_NOTHING,
        HAS_NO_EXAMPLES,
        TELLS_NOTHING,
        TELLS_TOO_MUCH,
        /** Who wants to stop waits to the end. */
        DOES_NOT_STOP,
        /** After it was stopped it draws something else. */
        REMEMBERS_STOPPING,
        /** A control that every criterion lets pass that lets the samples pass. */
        CONTROLS_ARE_SAMPLES,
        CONTROLS_ARE_FEW,
        TOLD_CONTROLS_ARE_OTHERS,
        NEEDS_ANOTHER_MODEL,
        NEEDS_WHAT_THE_MODEL_HAS_NOT,
        NEEDS_ANOTHER_FIELD,
        HAS_OTHER_SETTINGS
    }

    private record Other(int size) {}

    /** Writes the first weight of each row of a table, each with noise of seed and stream. */
    private record Noisy(Fault fault) implements Sampler<Settings.None> {
        @Override
        @SuppressWarnings("unchecked")
        public Class<Settings.None> settings() {
            return fault == Fault.HAS_OTHER_SETTINGS
                    ? (Class<Settings.None>) (Class<?>) Other.class
                    : Settings.None.class;
        }

        @Override
        public Needs needs(Settings.None settings) {
            return switch (fault) {
                case NEEDS_ANOTHER_MODEL -> right().model("critic", "f32 x[batch] -> f32 y[batch]");
                case NEEDS_WHAT_THE_MODEL_HAS_NOT ->
                    Needs.none().model("model", "f32 unheardof[batch] -> f32 something[batch]");
                case NEEDS_ANOTHER_FIELD -> right().data("f32 pictures[batch,height,width]");
                default -> right();
            };
        }

        private static Needs right() {
            return Needs.none().model("model", "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
        }

        @Override
        public Sampling prepare(Settings.None settings, ProgramContext context) {
            return new Drawing(fault, context);
        }
    }

    private static final class Drawing implements Sampling {
        private final Fault fault;
        private final ProgramContext context;
        private final float[] first;
        private int drawn;

        Drawing(Fault fault, ProgramContext context) {
            this.fault = fault;
            this.context = context;
            this.first = weights();
        }

        private Buffer table() {
            return context.state().buffer("model/table.weight");
        }

        private float[] weights() {
            float[] weights = new float[table().shape().size()];
            table().read(weights);
            return weights;
        }

        @Override
        public int examples() {
            return fault == Fault.HAS_NO_EXAMPLES ? 0 : 1;
        }

        @Override
        public List<Sample> draw(int count, String stream, Reached told) {
            float[] weights = fault == Fault.KEEPS_OLD_WEIGHTS ? first : weights();
            CounterRandom random = new CounterRandom(
                    fault == Fault.IGNORES_SEED ? 7 : context.seed(), fault == Fault.IGNORES_STREAM ? "" : stream);
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < (fault == Fault.DRAWS_ONE ? 1 : count); i++) {
                int index = fault == Fault.DRAWS_ON ? drawn++ : i;
                double noise = random.uniform(index) + (fault == Fault.LOOKS_AT_COUNT ? count : 0);
                samples.add(Sample.text(fault == Fault.DRAWS_NOTHING ? "" : noise + drawn + " " + weights[i]));
                tell(i + 1L, count, told);
            }
            if (fault == Fault.MOVES_A_WEIGHT) {
                table().write(3, new float[] {1});
            }
            return samples;
        }

        private void tell(long done, long all, Reached told) {
            try {
                switch (fault) {
                    case TELLS_NOTHING -> {}
                    case TELLS_TOO_MUCH -> told.reached(done + 1, all);
                    default -> told.reached(done, all);
                }
            } catch (Stopped e) {
                drawn += fault == Fault.REMEMBERS_STOPPING ? 1 : 0;
                if (fault != Fault.DOES_NOT_STOP) {
                    throw e;
                }
            }
        }

        @Override
        public Map<String, List<Sample>> controls(List<Sample> samples) {
            List<Sample> same = samples.stream().map(_ -> samples.getFirst()).toList();
            return switch (fault) {
                case CONTROLS_ARE_SAMPLES -> Map.of("constant", same, "replayed", List.copyOf(samples));
                case CONTROLS_ARE_FEW -> Map.of("constant", same.subList(0, 1));
                default -> Map.of("constant", same);
            };
        }

        @Override
        public Map<String, List<Sample>> controls(List<Sample> samples, Reached told) {
            return fault == Fault.TOLD_CONTROLS_ARE_OTHERS ? Map.of() : controls(samples);
        }

        @Override
        public void close() {}
    }

    private static SamplerConformance<Settings.None> suite(Fault fault) {
        return new SamplerConformance<>() {
            @Override
            protected Sampler<Settings.None> sampler() {
                return new Noisy(fault);
            }

            @Override
            protected Settings.None settings() {
                return new Settings.None();
            }
        };
    }

    private static void noticed(ThrowingConsumer<SamplerConformance<Settings.None>> test, Fault... faults)
            throws Throwable {
        test.accept(suite(Fault.NONE));
        for (Fault fault : faults) {
            assertThrows(AssertionError.class, () -> test.accept(suite(fault)), fault::toString);
        }
    }

    @Test
    void seedAndStream() throws Throwable {
        noticed(SamplerConformance::seedAndStreamDecide, Fault.IGNORES_SEED, Fault.IGNORES_STREAM);
    }

    @Test
    void whatWasDrawnBefore() throws Throwable {
        noticed(
                SamplerConformance::whatWasDrawnBeforeDoesNotMatterAndNoWeightMoves,
                Fault.DRAWS_ON,
                Fault.MOVES_A_WEIGHT);
    }

    @Test
    void howManyThereAre() throws Throwable {
        noticed(SamplerConformance::theFirstOfMoreAreThoseOfFewer, Fault.LOOKS_AT_COUNT);
        noticed(SamplerConformance::itDrawsAsManyAsWanted, Fault.DRAWS_ONE, Fault.DRAWS_NOTHING, Fault.HAS_NO_EXAMPLES);
    }

    @Test
    void weights() throws Throwable {
        noticed(SamplerConformance::theWeightsAreThoseOfNow, Fault.KEEPS_OLD_WEIGHTS);
    }

    @Test
    void stopping() throws Throwable {
        noticed(
                SamplerConformance::itAsksBetweenItsPartsAndStops,
                Fault.TELLS_NOTHING,
                Fault.TELLS_TOO_MUCH,
                Fault.DOES_NOT_STOP,
                Fault.REMEMBERS_STOPPING);
    }

    @Test
    void controls() throws Throwable {
        noticed(SamplerConformance::controlsAreOtherSamples, Fault.CONTROLS_ARE_SAMPLES, Fault.CONTROLS_ARE_FEW);
        noticed(SamplerConformance::controlsAreTheSameWhoeverListens, Fault.TOLD_CONTROLS_ARE_OTHERS);
    }

    @Test
    void needs() throws Throwable {
        noticed(
                SamplerConformance::whatItNeedsIsThereAndNothingUnsuitableWillDo,
                Fault.NEEDS_ANOTHER_MODEL,
                Fault.NEEDS_WHAT_THE_MODEL_HAS_NOT,
                Fault.NEEDS_ANOTHER_FIELD);
    }

    @Test
    void settings() throws Throwable {
        noticed(SamplerConformance::settingsAreARecordOfTheSampler, Fault.HAS_OTHER_SETTINGS);
    }
}
