package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tensor.Buffer;
import org.opentest4j.AssertionFailedError;

/** Negative controls of the suites of data and text: what is lost, doubled or cut in the wrong place fails. */
class TextSuitesFailTest {
    private static final Settings.None NONE = new Settings.None();

    private static void fails(Executable test) {
        assertThrows(AssertionFailedError.class, test);
    }

    /** Toy text whose batches are filled by somebody else. */
    @FunctionalInterface
    private interface Filler {
        void fill(Batches sound, long index, Map<String, Buffer> feeds);
    }

    private static DataSourceConformance<Settings.None> data(Filler filler, LongUnaryOperator count) {
        TextDataset sound = Toys.text();
        return new DataSourceConformance<>() {
            @Override
            protected DataSource<Settings.None> source() {
                return new DataSource<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public Dataset open(Settings.None none, DataContext context) {
                        return new Refilled(sound, filler, count);
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
    }

    private record Refilled(TextDataset sound, Filler filler, LongUnaryOperator counter) implements TextDataset {
        @Override
        public Tokenizer tokenizer() {
            return sound.tokenizer();
        }

        @Override
        public Text text(String split) {
            return sound.text(split);
        }

        @Override
        public Dimensions dimensions() {
            return sound.dimensions();
        }

        @Override
        public List<String> splits() {
            return sound.splits();
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            Batches batches = sound.batches(split, axes, seed);
            boolean heldOut = !split.equals("train");
            return new Batches() {
                @Override
                public long count() {
                    return heldOut ? counter.applyAsLong(batches.count()) : batches.count();
                }

                @Override
                public void fill(long index, Map<String, Buffer> feeds) {
                    filler.fill(batches, index, feeds);
                }
            };
        }
    }

    private static void weights(Map<String, Buffer> feeds, DoubleUnaryOperator other) {
        Buffer weights = feeds.get("weights");
        float[] values = new float[weights.shape().size()];
        weights.read(values);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) other.applyAsDouble(values[i]);
        }
        weights.write(values);
    }

    @Test
    void soundDataPasses() {
        DataSourceConformance<Settings.None> suite = data(Batches::fill, count -> count);
        suite.everyTokenHeldOutIsATargetOnceHoweverItIsCut();
        suite.aBatchIsTheSmallerOnesOneAfterTheOther();
        suite.nothingIsPaddedInTraining();
        suite.aTextIsItsPartsAndItsExcerpts();
    }

    @Test
    void aRemainderThatIsLeftOutFails() {
        DataSourceConformance<Settings.None> suite = data(Batches::fill, count -> Math.max(1, count - 1));
        fails(suite::everyTokenHeldOutIsATargetOnceHoweverItIsCut);
        fails(suite::aBatchIsTheSmallerOnesOneAfterTheOther);
    }

    @Test
    void targetsThatCountTwiceOrHalfFail() {
        fails(data(Batches::fill, count -> count + 1)::everyTokenHeldOutIsATargetOnceHoweverItIsCut);
        for (DoubleUnaryOperator wrong :
                List.<DoubleUnaryOperator>of(_ -> 1, weight -> weight / 2, weight -> 1 - weight)) {
            fails(data(
                    (sound, index, feeds) -> {
                        sound.fill(index, feeds);
                        weights(feeds, wrong);
                    },
                    count -> count)::everyTokenHeldOutIsATargetOnceHoweverItIsCut);
        }
    }

    @Test
    void paddingInTrainingFails() {
        fails(data(
                (sound, index, feeds) -> {
                    sound.fill(index, feeds);
                    weights(feeds, _ -> 0);
                },
                count -> count)::nothingIsPaddedInTraining);
    }

    /** Rows that depend on the number of the batch, not on their own. */
    @Test
    void batchesThatAreNotTheSmallerOnesFail() {
        fails(
                data((sound, index, feeds) -> sound.fill(index / 2, feeds), count -> count)
                        ::aBatchIsTheSmallerOnesOneAfterTheOther);
    }

    /** Knows "th" as one token beside every letter; says where it may be cut. */
    private record Pairs(Tokenizer letters, ToIntFunction<CharSequence> cutter, Map<String, Integer> specials)
            implements Tokenizer {
        @Override
        public int vocab() {
            return letters.vocab() + 1;
        }

        @Override
        public int[] encode(String text) {
            IntStream.Builder tokens = IntStream.builder();
            for (int i = 0; i < text.length(); i++) {
                boolean pair = text.startsWith("th", i);
                boolean high = Character.isHighSurrogate(text.charAt(i));
                tokens.add(pair ? letters.vocab() : letters.encode(text.substring(i, high ? i + 2 : i + 1))[0]);
                i += pair || high ? 1 : 0;
            }
            return tokens.build().toArray();
        }

        @Override
        public int cut(CharSequence beginning) {
            return cutter.applyAsInt(beginning);
        }

        @Override
        public String decode(int[] tokens) {
            StringBuilder text = new StringBuilder();
            IntStream.of(tokens)
                    .forEach(token -> text.append(token == letters.vocab() ? "th" : letters.decode(new int[] {token})));
            return text.toString();
        }

        @Override
        public String state() {
            return letters.state();
        }
    }

    private static TokenizerConformance<Settings.None> pairs(ToIntFunction<CharSequence> cutter) {
        return pairs(cutter, Map.of(), Map.of());
    }

    private static TokenizerConformance<Settings.None> pairs(
            ToIntFunction<CharSequence> cutter, Map<String, Integer> specials, Map<String, Integer> restored) {
        return new TokenizerConformance<>() {
            @Override
            protected TokenizerFamily<Settings.None> family() {
                return new TokenizerFamily<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public Tokenizer fit(Settings.None settings, Text trainingText) {
                        return new Pairs(Toys.tokenizer(trainingText), cutter, specials);
                    }

                    @Override
                    public Tokenizer restore(String state) {
                        return new Pairs(Toys.tokenizer(Text.of(state)), cutter, restored);
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }

            @Override
            protected String trainingText() {
                return "the path to th\uD83D\uDE00e truth, tth hth ".repeat(4);
            }
        };
    }

    @Test
    void aTokenizerThatIsCutWithinATokenFails() {
        for (ToIntFunction<CharSequence> sound : List.<ToIntFunction<CharSequence>>of(
                _ -> 0, text -> text.toString().endsWith("t") ? text.length() - 1 : text.length())) {
            TokenizerConformance<Settings.None> suite = pairs(sound);
            suite.decodingGivesTheTextBack();
            suite.aTextInPartsHasTheSameTokens();
            suite.whereATextMayBeCutItsTokensAreThoseOfItsTwoParts();
        }
        fails(pairs(CharSequence::length)::aTextInPartsHasTheSameTokens);
        fails(pairs(CharSequence::length)::whereATextMayBeCutItsTokensAreThoseOfItsTwoParts);
    }

    @Test
    void aSpecialTokenThatIsNoneFails() {
        Map<String, Integer> sound = Map.of("<a>", 0, "<b>", 1);
        pairs(_ -> 0, sound, sound).specialTokensAreTokens();
        fails(pairs(_ -> 0, Map.of("<a>", 99), Map.of("<a>", 99))::specialTokensAreTokens);
        fails(pairs(_ -> 0, Map.of("<a>", 1, "<b>", 1), Map.of("<a>", 1, "<b>", 1))::specialTokensAreTokens);
        fails(pairs(_ -> 0, sound, Map.of())::specialTokensAreTokens);
    }

    @Test
    void aDecoderThatGoesOnFails() {
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
                            try {
                                session.prefill(new int[][] {prompts.getFirst().tokens()});
                            } catch (RuntimeException _) {
                                // Whatever it was.
                            }
                            return new int[prompts.size()][count];
                        };
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }
        };
        fails(suite::itStopsWhereTheSessionDoes);
    }

    /** Counts letters "t" by reading the training text, part by part as well as it can. */
    private static MetricConformance<Settings.None> counting(BiConsumer<TextDataset, Measurements> counting) {
        return new MetricConformance<>() {
            @Override
            protected Metric<Settings.None> metric() {
                return new Metric<>() {
                    @Override
                    public Class<Settings.None> settings() {
                        return Settings.None.class;
                    }

                    @Override
                    public List<Measure> measures(Settings.None none) {
                        return List.of(Measure.evaluation("count", "", Measure.Better.HIGHER));
                    }

                    @Override
                    public void measure(
                            Settings.None none, List<Sample> samples, ProgramContext context, Measurements out) {
                        counting.accept((TextDataset) context.data(), out);
                    }
                };
            }

            @Override
            protected Settings.None settings() {
                return NONE;
            }

            @Override
            protected String id() {
                return "count";
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
    }

    @Test
    void aMetricThatCountsPartsOrGoesOnFails() {
        MetricConformance<Settings.None> sound = counting((text, out) -> {
            long count = 0;
            for (String part : text.text("train")) {
                count += part.chars().filter(c -> c == 't').count();
                out.reached(1, 2);
            }
            out.put("count", count);
        });
        sound.aTextInPartsGivesTheSameNumbers();
        sound.whatAsksBetweenItsPartsStops();
        fails(
                counting((text, out) -> text.text("train").forEach(part -> out.put("count", part.length())))
                        ::aTextInPartsGivesTheSameNumbers);
        fails(counting((text, out) -> {
            try {
                out.reached(1, 2);
            } catch (RuntimeException _) {
                out.put("count", 1);
            }
        })::whatAsksBetweenItsPartsStops);
        fails(counting((text, out) -> {
            out.put("count", 1);
            out.reached(1, 1);
        })::whatAsksBetweenItsPartsStops);
    }
}
