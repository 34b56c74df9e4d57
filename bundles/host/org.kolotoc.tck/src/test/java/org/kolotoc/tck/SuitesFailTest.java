package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
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
