package org.kolotoc.bench.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.kolotoc.api.DataFolders;

/** What is encoded: prose where a data folder has it, and always a text of made-up words. */
final class BenchTexts {
    private static final int UNITS = 1_000_000;
    private static final int WORDS = 20_000;

    private BenchTexts() {}

    /** Texts by name. */
    static Map<String, String> all(Path project) throws IOException {
        List<Path> folders = DataFolders.of(Optional.empty(), project);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("made-up", madeUp());
        for (String path : List.of("text/tinyshakespeare.txt", "czech/capek_povidky_z_jedne_kapsy.txt")) {
            for (Path folder : folders) {
                Path file = folder.resolve(path);
                if (Files.isRegularFile(file)) {
                    texts.putIfAbsent(path.substring(0, path.indexOf('/')), Files.readString(file));
                }
            }
        }
        return texts;
    }

    /** Words of random letters, the n-th as often as 1/n has it (Zipf 1949), with numbers and signs between them. */
    private static String madeUp() {
        Random random = new Random(1);
        List<String> words = new ArrayList<>();
        while (words.size() < WORDS) {
            words.add(random.ints(2 + random.nextInt(8), 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
        }
        StringBuilder text = new StringBuilder(UNITS);
        while (text.length() < UNITS) {
            text.append(words.get((int) Math.pow(WORDS, random.nextDouble()) - 1));
            text.append(
                    switch (random.nextInt(20)) {
                        case 0 -> ". ";
                        case 1 -> ",\n";
                        case 2 -> " " + random.nextInt(10_000) + " ";
                        default -> " ";
                    });
        }
        return text.toString();
    }
}
