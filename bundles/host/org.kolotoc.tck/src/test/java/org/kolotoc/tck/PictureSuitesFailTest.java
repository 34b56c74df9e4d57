package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Settings;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.opentest4j.AssertionFailedError;

/** Negative controls of suites, where seats are about pictures: a seat that breaks a promise fails the test of that promise. */
final class PictureSuitesFailTest {
    private static final Settings.None NONE = new Settings.None();

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    /** A model that remembers the mean of what it saw, or does not; {@code stopped} is what its gradient misses. */
    private static ModelFamilyConformance<Settings.None> remembering(
            boolean inTraining, boolean beside, boolean stopped) {
        Model model = Model.of(
                "f32 x[batch] -> f32 y[batch]",
                Dimensions.none(),
                List.of(Parameter.of("weight", Initializer.ONES, 1)),
                List.of(Parameter.of("mean", Initializer.ZEROS)),
                (weights, inputs, pass) -> {
                    Tensor x = inputs.get("x").mul(weights.get("weight"));
                    if (pass.training() ? inTraining : beside) {
                        pass.keep("mean", x.sum().mul(0.5));
                    }
                    return Map.of("y", stopped && pass.training() ? x.add(x.stopGradient()) : x);
                });
        return new ModelFamilyConformance<>() {
            @Override
            protected ModelFamily<Settings.None> family() {
                return new ModelFamily<>() {
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

    @Test
    void aStatisticThatIsNotKeptInTrainingAloneFails() {
        remembering(true, false, false).trainingKeepsEveryStatisticAndNothingElseDoes();
        fails(remembering(false, false, false)::trainingKeepsEveryStatisticAndNothingElseDoes);
        fails(remembering(true, true, false)::trainingKeepsEveryStatisticAndNothingElseDoes);
    }

    @Test
    void aGradientThatIsHalfMissingInTrainingFails() {
        remembering(true, false, false).gradientsInTrainingAreThoseOfFiniteDifferences();
        remembering(true, false, true).gradientsAreThoseOfFiniteDifferences();
        fails(remembering(true, false, true)::gradientsInTrainingAreThoseOfFiniteDifferences);
    }

    private record Drawing(UnaryOperator<Sample> change, UnaryOperator<Sample> control)
            implements Sampler<Settings.None> {
        @Override
        public Needs needs(Settings.None settings) {
            return Needs.none();
        }

        @Override
        public Sampling prepare(Settings.None settings, ProgramContext context) {
            Sample picture = new Pictures(new float[] {0, 0.5f, 1, 0.25f}, 2, 2, 1).grid(1);
            return new Sampling() {
                @Override
                public List<Sample> draw(int count, String stream, Reached told) {
                    return Collections.nCopies(count, change.apply(picture));
                }

                @Override
                public Map<String, List<Sample>> controls(List<Sample> samples) {
                    return Map.of("constant", samples.stream().map(control).toList());
                }

                @Override
                public void close() {
                    // It has no program.
                }
            };
        }
    }

    private static SamplerConformance<Settings.None> drawing(
            UnaryOperator<Sample> change, UnaryOperator<Sample> control) {
        return new SamplerConformance<>() {
            @Override
            protected Sampler<Settings.None> sampler() {
                return new Drawing(change, control);
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
    }

    @Test
    void aPictureThatIsNoneFails() {
        UnaryOperator<Sample> whole = UnaryOperator.identity();
        drawing(whole, whole).aSampleIsWhatItsMediaTypeSays();
        UnaryOperator<Sample> cut =
                sample -> new Sample("image/png", Arrays.copyOf(sample.content(), sample.content().length - 20));
        fails(drawing(cut, whole)::aSampleIsWhatItsMediaTypeSays);
        fails(drawing(whole, cut)::aSampleIsWhatItsMediaTypeSays);
        fails(drawing(_ -> text("image/svg+xml", "<svg xmlns=''>"), whole)::aSampleIsWhatItsMediaTypeSays);
        drawing(_ -> text("image/svg+xml", "<svg xmlns=''></svg>"), whole).aSampleIsWhatItsMediaTypeSays();
        fails(drawing(_ -> text("image/unheardof", "?"), whole)::aSampleIsWhatItsMediaTypeSays);
        fails(drawing(whole, _ -> Sample.text("a picture"))::aSampleIsWhatItsMediaTypeSays);
    }

    private static Sample text(String type, String content) {
        return new Sample(type, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A judge of how bright pictures are; what it keeps is what may be wrong. */
    private static MetricConformance<Settings.None> judging(LongUnaryOperator added, boolean early) {
        Metric<Settings.None> metric = new Metric<>() {
            @Override
            public List<Measure> measures(Settings.None settings) {
                return List.of(Measure.evaluation("bright", "", Measure.Better.HIGHER));
            }

            @Override
            public void measure(Settings.None none, List<Sample> samples, ProgramContext run, Measurements out) {
                run.state().counter("judged", run.state().counter("judged") + 1);
                double sum = added.applyAsLong(run.state().counter("judged"));
                for (Sample sample : samples) {
                    if (early) {
                        out.put("bright", 0);
                    }
                    for (float pixel : Pictures.of(sample, 2, 2).pixels()) {
                        sum += pixel;
                    }
                    out.reached(1, 1);
                }
                out.put("bright", sum);
            }
        };
        return new MetricConformance<>() {
            @Override
            protected Metric<Settings.None> metric() {
                return metric;
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }

            @Override
            protected String id() {
                return "bright";
            }

            @Override
            protected Dataset data() {
                return new Examples(
                        Dimensions.none(), Map.of("train", new Examples.Part(1).with("f32 x[batch]", new float[1])));
            }

            @Override
            protected List<Sample> high() {
                return List.of(new Pictures(new float[] {1, 1, 1, 1}, 2, 2, 1).grid(1));
            }

            @Override
            protected List<Sample> low() {
                return List.of(new Pictures(new float[4], 2, 2, 1).grid(1));
            }
        };
    }

    @Test
    void aJudgeThatChangesItsMindFails() {
        judging(_ -> 0, false).theSameSamplesGiveTheSameNumbersAllTheRun();
        MetricConformance<Settings.None> other = judging(judged -> judged, false);
        other.theSameSamplesGiveTheSameNumbers();
        fails(other::theSameSamplesGiveTheSameNumbersAllTheRun);
    }

    @Test
    void aJudgeOfPicturesThatPutsBeforeItsEndFails() {
        judging(_ -> 0, false).whatAsksBetweenItsPartsStops();
        fails(judging(_ -> 0, true)::whatAsksBetweenItsPartsStops);
    }
}
