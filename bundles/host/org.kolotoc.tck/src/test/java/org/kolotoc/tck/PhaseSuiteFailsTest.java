package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.opentest4j.AssertionFailedError;

/** The negative controls of the phases' suite: one that breaks a promise fails the test of that promise. */
class PhaseSuiteFailsTest {
    private static final Settings.None NONE = new Settings.None();

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    /** Adds a number to a weight in every step; {@code where} that number comes from is what may be wrong. */
    @FunctionalInterface
    private interface Amount {
        double of(PhaseContext context, long index);
    }

    private static PhaseConformance<Settings.None> phase(Amount amount) {
        return declaring(amount, "loss/train", "loss/validation");
    }

    private static PhaseConformance<Settings.None> declaring(String step, String evaluation) {
        // Evaluations must change nothing: nothing is added.
        return declaring((_, _) -> 0, step, evaluation);
    }

    private static PhaseConformance<Settings.None> declaring(Amount amount, String step, String evaluation) {
        return new PhaseConformance<>() {
            @Override
            protected Phase<Settings.None> phase() {
                return new Adding(amount, step, evaluation);
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
    }

    private record Adding(Amount amount, String step, String evaluation, Measure.Better better)
            implements Phase<Settings.None> {
        Adding(Amount amount, String step, String evaluation) {
            this(amount, step, evaluation, Measure.Better.LOWER);
        }

        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(Measure.step(step, "", better), Measure.evaluation(evaluation, "", Measure.Better.LOWER));
        }

        @Override
        public Needs needs(Settings.None settings) {
            return Needs.none().model("model", "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");
        }

        @Override
        public Training prepare(Settings.None settings, PhaseContext context) {
            Tracer tracer = new Tracer();
            Tensor weight = context.model("model").weights(tracer, "model").get("table.weight");
            Tensor amountFeed = tracer.feed("amount", DType.F32, Shape.scalar());
            tracer.update(weight, weight.add(amountFeed));
            tracer.output("loss", amountFeed);
            BoundProgram program = context.prepare("add", tracer.program());
            return Training.of(
                    List.of(program),
                    (index, out) -> {
                        program.buffer("amount").write(new float[] {(float) amount.of(context, index)});
                        program.run();
                        out.put("loss/train", program.scalar("loss"));
                    },
                    out -> {
                        program.run();
                        out.put("loss/validation", program.scalar("loss"));
                    });
        }
    }

    @Test
    void aPhaseThatDependsOnSeedAndIndexAlonePasses() {
        PhaseConformance<Settings.None> suite =
                phase((context, index) -> new CounterRandom(context.seed(), "amount").uniform(index) - index);
        suite.theSameSeedGivesTheSameBits();
        suite.anotherSeedGivesOthers();
        suite.stoppedAndResumedAnywhereItEndsWithTheSameBits();
        suite.swappedForItselfItEndsWithTheSameBits();
        suite.whatMustFallFalls();
    }

    @Test
    void aMeasureThatIsBetterTheHigherMustRise() {
        rising((_, index) -> index).whatMustFallFalls();
        fails(rising((_, index) -> -index)::whatMustFallFalls);
        fails(phase((_, index) -> index)::whatMustFallFalls);
    }

    private static PhaseConformance<Settings.None> rising(Amount amount) {
        return new PhaseConformance<>() {
            @Override
            protected Phase<Settings.None> phase() {
                return new Adding(amount, "loss/train", "loss/validation", Measure.Better.HIGHER);
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
    }

    @Test
    void aPhaseThatRemembersOutsideTheTrainStateFails() {
        long[] remembered = new long[1];
        PhaseConformance<Settings.None> suite = phase((_, _) -> remembered[0]++);
        fails(suite::theSameSeedGivesTheSameBits);
        fails(suite::stoppedAndResumedAnywhereItEndsWithTheSameBits);
        fails(suite::swappedForItselfItEndsWithTheSameBits);
    }

    /** It adds to a weight whatever optimiser it is given. */
    @Test
    void aPhaseThatTakesAnOptimizerAndDoesWithoutFails() {
        Phase<Settings.None> adding = new Adding((_, _) -> 1, "loss/train", "loss/validation");
        PhaseConformance<Settings.None> suite = new PhaseConformance<>() {
            @Override
            protected Phase<Settings.None> phase() {
                return new Phase<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public Needs needs(Settings.None settings) {
                        return adding.needs(settings).optimizer();
                    }

                    @Override
                    public List<Measure> measures(Settings.None settings) {
                        return adding.measures(settings);
                    }

                    @Override
                    public Training prepare(Settings.None settings, PhaseContext context) {
                        return adding.prepare(settings, context);
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
        fails(suite::itTrainsWithTheOptimizerThatIsNamed);
    }

    @Test
    void aLossThatRisesFails() {
        fails(phase((_, index) -> index)::whatMustFallFalls);
    }

    @Test
    void aPhaseThatMeasuresWhatItDoesNotDeclareFails() {
        fails(declaring((_, index) -> -index, "other", "loss/validation")::whatMustFallFalls);
        fails(declaring("loss/train", "loss")::evaluationChangesNothingAndIsRepeatable);
        declaring("loss/train", "loss/validation").evaluationChangesNothingAndIsRepeatable();
    }

    @Test
    void anEvaluationThatTrainsFails() {
        fails(phase((_, index) -> index + 1)::evaluationChangesNothingAndIsRepeatable);
    }

    /** Measures on held-out data in so many parts; {@code ask} is whether it asks between them. */
    private static PhaseConformance<Settings.None> evaluating(int parts, boolean ask, boolean early) {
        return new PhaseConformance<>() {
            @Override
            protected Phase<Settings.None> phase() {
                return new Phase<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public List<Measure> measures(Settings.None settings) {
                        return List.of(Measure.evaluation("loss/validation", "", Measure.Better.LOWER));
                    }

                    @Override
                    public Needs needs(Settings.None settings) {
                        return Needs.none();
                    }

                    @Override
                    public Training prepare(Settings.None settings, PhaseContext context) {
                        return Training.of(List.of(), (_, _) -> {}, out -> {
                            for (int part = 1; part <= parts; part++) {
                                if (early) {
                                    out.put("loss/validation", 1);
                                }
                                if (ask) {
                                    out.reached(part, parts);
                                }
                            }
                            out.put("loss/validation", 1);
                        });
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
    }

    @Test
    void anEvaluationThatCantBeStoppedFails() {
        evaluating(3, true, false).anEvaluationAsksBetweenItsPartsAndStops();
        fails(evaluating(3, false, false)::anEvaluationAsksBetweenItsPartsAndStops);
        fails(evaluating(3, true, true)::anEvaluationAsksBetweenItsPartsAndStops);
    }

    /** The number of batches is no property of the data. */
    @Test
    void aLossThatDependsOnTheBatchFails() {
        record Cut(int batch) {}
        PhaseConformance<Cut> suite = new PhaseConformance<>() {
            @Override
            protected Phase<Cut> phase() {
                return new Phase<>() {
                    @Override
                    public Class<Cut> settings() {
                        return Cut.class;
                    }

                    @Override
                    public List<Measure> measures(Cut cut) {
                        return List.of(Measure.evaluation("loss/validation", "", Measure.Better.LOWER));
                    }

                    @Override
                    public Needs needs(Cut cut) {
                        return Needs.none().data("");
                    }

                    @Override
                    public Training prepare(Cut cut, PhaseContext context) {
                        long batches = context.data()
                                .batches("validation", Map.of("batch", cut.batch(), "time", 16), 1)
                                .count();
                        return Training.of(List.of(), (_, _) -> {}, out -> out.put("loss/validation", batches));
                    }
                };
            }

            @Override
            protected Cut settings() {
                return new Cut(3);
            }

            @Override
            protected Stream<Cut> otherBatches() {
                return Stream.of(new Cut(4));
            }
        };
        suite.heldOutDataCountsTheSameHoweverItIsCut().forEach(test -> fails(test.getExecutable()));
    }
}
