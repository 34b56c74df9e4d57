package org.kolotoc.bench.tokenizer;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.text.bpe.BpeSettings;
import org.kolotoc.text.bpe.BpeTokenizers;
import org.kolotoc.text.bpe.Split;
import org.kolotoc.text.bpe.TiktokenSettings;
import org.kolotoc.text.bpe.TiktokenTokenizers;

/**
 * Encodes texts by turns with our tokenizers and with jtokkit, on one thread, and checks that the tokens are the same. Beside it:
 * a line of a million equal letters, and the training of a vocabulary.
 */
public final class TokenizerBench {
    private static final List<String> ENCODINGS = List.of("r50k_base", "p50k_base", "cl100k_base", "o200k_base");
    private static final double WANTED = 2;
    private static final int WARM_UPS = 6;
    private static final int TURNS = 15;
    /** Of the equal letters, which take the other side seconds each time. */
    private static final int FEW = 3;

    private static final int LETTERS = 1_000_000;
    private static final int MERGES = 2000;

    private final boolean json;
    private final Consumer<String> out;
    private final Path project;

    /** @param project where data folders are looked for */
    public TokenizerBench(boolean json, Consumer<String> out, Path project) {
        this.json = json;
        this.out = out;
        this.project = project;
    }

    /** Times all and prints a line of each. */
    public void run() throws IOException {
        Map<String, String> texts = BenchTexts.all(project);
        if (!json) {
            out.accept(String.format(
                    Locale.ROOT,
                    "%-12s %-12s %9s %11s %14s %7s %7s",
                    "encoding",
                    "text",
                    "tokens",
                    "ours MB/s",
                    "jtokkit MB/s",
                    "ratio",
                    "wanted"));
        }
        for (String name : ENCODINGS) {
            Tokenizer ours = ours(name);
            Encoding theirs =
                    Encodings.newLazyEncodingRegistry().getEncoding(name).orElseThrow();
            for (Map.Entry<String, String> text : texts.entrySet()) {
                compare(name, text.getKey(), text.getValue(), TURNS, ours, theirs);
            }
        }
        compare(
                "r50k_base",
                "letters",
                "a".repeat(LETTERS),
                FEW,
                ours("r50k_base"),
                Encodings.newLazyEncodingRegistry().getEncoding("r50k_base").orElseThrow());
        for (Map.Entry<String, String> text : texts.entrySet()) {
            train(text.getKey(), text.getValue());
        }
    }

    private static Tokenizer ours(String encoding) throws IOException {
        Path file = Files.createTempFile(encoding, ".tiktoken");
        try (InputStream ranks = Encodings.class.getResourceAsStream(encoding + ".tiktoken")) {
            Files.write(file, ranks.readAllBytes());
            return new TiktokenTokenizers().fit(new TiktokenSettings(encoding, file.toString(), false), Text.of(""));
        } finally {
            Files.delete(file);
        }
    }

    private void compare(String encoding, String name, String text, int turns, Tokenizer ours, Encoding theirs) {
        int[] tokens = ours.encode(text);
        if (!Arrays.equals(tokens, theirs.encodeOrdinary(text).toArray())) {
            throw new IllegalStateException(encoding + ", " + name + ": the tokens differ");
        }
        double[] first = new double[turns];
        double[] ratios = new double[turns];
        double[] second = new double[turns];
        for (int i = -Math.min(WARM_UPS, turns); i < turns; i++) {
            double one = seconds(() -> ours.encode(text).length);
            double two = seconds(() -> theirs.encodeOrdinary(text).size());
            if (i >= 0) {
                first[i] = one;
                second[i] = two;
                ratios[i] = two / one;
            }
        }
        double megabytes = text.getBytes(StandardCharsets.UTF_8).length / 1e6;
        out.accept(String.format(
                Locale.ROOT,
                json
                        ? "{\"name\": \"tokenizer-%s\", \"text\": \"%s\", \"tokens\": %d, \"ours_mb_s\": %.2f,"
                                + " \"jtokkit_mb_s\": %.2f, \"ratio\": %.3f, \"wanted\": %.1f}"
                        : "%-12s %-12s %9d %11.1f %14.1f %7.2f %7.1f",
                encoding,
                name,
                tokens.length,
                megabytes / median(first),
                megabytes / median(second),
                median(ratios),
                WANTED));
    }

    private void train(String name, String text) {
        BpeSettings settings = new BpeSettings(256 + MERGES, Split.GPT2, 2, List.of(), false);
        double[] times = new double[5];
        Arrays.setAll(
                times,
                _ -> seconds(
                        () -> new BpeTokenizers().fit(settings, Text.of(text)).vocab()));
        double megabytes = text.getBytes(StandardCharsets.UTF_8).length / 1e6;
        out.accept(String.format(
                Locale.ROOT,
                json
                        ? "{\"name\": \"tokenizer-training\", \"text\": \"%s\", \"mb\": %.2f, \"merges\": %d, \"s\":"
                                + " %.3f}"
                        : "training on %s, %.2f MB, %d merges: %.2f s",
                name,
                megabytes,
                MERGES,
                median(times)));
    }

    private static double seconds(IntSupplier work) {
        long began = System.nanoTime();
        if (work.getAsInt() <= 0) {
            throw new IllegalStateException("nothing came out");
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
