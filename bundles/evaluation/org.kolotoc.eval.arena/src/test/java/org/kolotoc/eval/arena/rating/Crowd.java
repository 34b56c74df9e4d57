package org.kolotoc.eval.arena.rating;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.kolotoc.tck.TestData;

/** Votes of people on 59 models, and scores that were published of them. */
final class Crowd {
    private Crowd() {}

    static Battles battles() {
        try (GZIPInputStream in =
                new GZIPInputStream(Files.newInputStream(TestData.file("elo/llmfao_crowd_votes.csv.gz")))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> head = Arrays.asList(lines.getFirst().split(","));
            List<Battle> battles = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split(",");
                battles.add(new Battle(
                        fields[head.indexOf("left")],
                        fields[head.indexOf("right")],
                        Outcome.valueOf(fields[head.indexOf("winner")].toUpperCase(Locale.ROOT))));
            }
            return Battles.of(battles);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Scores by algorithm and model. */
    static Map<String, Map<String, Double>> published() {
        try {
            return Files.readAllLines(TestData.file("elo/llmfao_golden_scores.csv")).stream()
                    .skip(1)
                    .map(line -> line.split(","))
                    .collect(Collectors.groupingBy(
                            fields -> fields[0],
                            Collectors.toMap(
                                    fields -> fields[1],
                                    fields -> Double.parseDouble(fields[2]),
                                    (a, _) -> a,
                                    HashMap::new)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
