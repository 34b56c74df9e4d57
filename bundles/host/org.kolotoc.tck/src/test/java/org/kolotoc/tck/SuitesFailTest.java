package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.opentest4j.AssertionFailedError;

/** The suites' negative controls: a seat that breaks a promise fails the test of that promise. */
class SuitesFailTest {
    private static final Settings.None NONE = new Settings.None();

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    // Models

    /** A model of one weight, {@code y = f(weight) x}. */
    private record Line(UnaryOperator<Tensor> function, String axes) {
        ModelFamilyConformance<Settings.None> suite() {
            return of(
                    "f32 x[batch] -> f32 y" + axes,
                    (weights, inputs, _) -> Map.of("y", inputs.get("x").mul(function.apply(weights.get("weight")))));
        }

        static ModelFamilyConformance<Settings.None> of(String signature, Model.Forward forward) {
            Model model = Model.of(
                    signature,
                    Dimensions.none(),
                    List.of(Parameter.of("weight", new Initializer.Normal(1), 1)),
                    forward);
            return new ModelFamilyConformance<>() {
                @Override
                protected ModelFamily<Settings.None> family() {
                    return new ModelFamily<>() {
                        @Override
                        public Class<Settings.None> settings() {
                            return Settings.None.class;
                        }

                        @Override
                        public Model create(Settings.None settings, Dimensions data) {
                            return model;
                        }
                    };
                }

                @Override
                protected Settings.None settings() {
                    return NONE;
                }
            };
        }
    }

    @Test
    void aSoundModelPasses() {
        ModelFamilyConformance<Settings.None> suite = new Line(w -> w, "[batch]").suite();
        suite.gradientsAreThoseOfFiniteDifferences();
        suite.outputsAreThoseOfTheSignature();
        suite.itLearns();
    }

    @Test
    void aModelThatIsAnotherWithoutWhatMayBeLeftOutFails() {
        ModelFamilyConformance<Settings.None> suite =
                Line.of("f32 x[batch]; f32 more[batch]? -> f32 y[batch]", (weights, inputs, _) -> {
                    Tensor y = inputs.get("x").mul(weights.get("weight"));
                    return Map.of("y", inputs.containsKey("more") ? y.add(inputs.get("more")) : y.sum());
                });
        suite.outputsAreThoseOfTheSignature();
        fails(suite::theyAreSoWithoutWhatMayBeLeftOut);
    }

    @Test
    void aGradientThatIsHalfMissingFails() {
        fails(new Line(w -> w.add(w.stopGradient()), "[batch]").suite()::gradientsAreThoseOfFiniteDifferences);
    }

    @Test
    void aModelThatCannotLearnFails() {
        fails(new Line(Tensor::stopGradient, "[batch]").suite()::itLearns);
    }

    @Test
    void anOutputOfAnotherShapeFails() {
        fails(new Line(w -> w, "[batch,time]").suite()::outputsAreThoseOfTheSignature);
    }

    // Phases

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

    // Text

    private static TokenizerConformance<Settings.None> tokenizer(UnaryOperator<String> reading) {
        return new TokenizerConformance<>() {
            @Override
            protected TokenizerFamily<Settings.None> family() {
                return new Reading(reading);
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
    }

    private record Reading(UnaryOperator<String> reading) implements TokenizerFamily<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Tokenizer fit(Settings.None settings, Text trainingText) {
            return Toys.tokenizer(Text.of(reading.apply(trainingText.excerpt(0, (int) trainingText.length()))));
        }

        @Override
        public Tokenizer restore(String state) {
            return Toys.tokenizer(Text.of(state + "€"));
        }
    }

    @Test
    void aTokenizerThatForgetsFails() {
        tokenizer(text -> text).decodingGivesTheTextBack();
        fails(tokenizer(text -> text)::aRestoredTokenizerIsTheSame);
        assertThrows(InputError.class, tokenizer(text -> text.replace("x", ""))::decodingGivesTheTextBack);
    }

    @Test
    void aDecoderWithRandomnessOfItsOwnFails() {
        long[] draws = new long[1];
        DecoderConformance<Settings.None> suite = new DecoderConformance<>() {
            @Override
            protected DecoderFamily<Settings.None> decoder() {
                return new DecoderFamily<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public Decoder create(Settings.None settings) {
                        return (session, prompts, count, _) -> {
                            int[][] tokens = new int[prompts.size()][count];
                            for (int row = 0; row < tokens.length; row++) {
                                CounterRandom random = prompts.get(row).random();
                                Arrays.setAll(tokens[row], _ -> random.integer(draws[0]++, session.vocab() + 1));
                            }
                            return tokens;
                        };
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
        fails(suite::theSameSeedWritesTheSame);
        fails(suite::itWritesAsManyTokensAsWantedAllOfThemInTheVocabulary);
        fails(suite::aTextIsTheSameWhateverIsWrittenBesideIt);
        fails(suite::aTextEndsWithWhatEndsIt);
        fails(suite::anEmptyPromptIsRefused);
    }

    @Test
    void aMetricThatSaysTheSameOfAllFails() {
        MetricConformance<Settings.None> suite = new MetricConformance<>() {
            @Override
            protected Metric<Settings.None> metric() {
                return new Metric<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public List<Measure> measures(Settings.None none) {
                        return List.of(Measure.evaluation("constant", "", Measure.Better.HIGHER));
                    }

                    @Override
                    public void measure(
                            Settings.None none, List<Sample> samples, ProgramContext context, Measurements out) {
                        out.put("constant", 0.97);
                        out.put("other/name", Double.NaN);
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }

            @Override
            protected String id() {
                return "constant";
            }

            @Override
            protected List<Sample> high() {
                return List.of(Sample.text("good"));
            }

            @Override
            protected List<Sample> low() {
                return List.of(Sample.text("bad"));
            }
        };
        fails(suite::itTellsHighFromLow);
        fails(suite::numbersAreNamedAfterTheSeat);
        fails(suite::itPutsWhatItDeclares);
        fails(suite::noSamplesAreNoError);
    }
}
