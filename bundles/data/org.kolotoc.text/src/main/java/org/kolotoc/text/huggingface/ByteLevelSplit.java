package org.kolotoc.text.huggingface;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.InputError;
import org.kolotoc.text.bpe.Split;
import org.kolotoc.text.json.Faults;
import org.kolotoc.text.json.JsonPlace;

/** How a byte-level model cuts a text, and whether a text gets a space before it. */
record ByteLevelSplit(Split split, boolean prefixSpace) {
    private static final Set<String> FIELDS = Set.of("type", "add_prefix_space", "trim_offsets", "use_regex");

    /** What a file says; nothing where that has a fault, which is noted. */
    static Optional<ByteLevelSplit> of(JsonPlace preTokenizer, Faults faults) {
        return faults.of(() -> read(preTokenizer, faults)).flatMap(found -> found);
    }

    private static Optional<ByteLevelSplit> read(JsonPlace preTokenizer, Faults faults) {
        return switch (preTokenizer.get("type").text()) {
            case "ByteLevel" -> {
                faults.look(() -> preTokenizer.only(FIELDS));
                boolean space = preTokenizer.flag("add_prefix_space", true, faults);
                if (!preTokenizer.flag("use_regex", true)) {
                    throw preTokenizer.get("use_regex").unknown("it", "true, or a Split before");
                }
                yield Optional.of(new ByteLevelSplit(Split.GPT2, space));
            }
            case "Sequence" -> sequence(preTokenizer, faults);
            default -> throw unknown(preTokenizer);
        };
    }

    private static Optional<ByteLevelSplit> sequence(JsonPlace preTokenizer, Faults faults) {
        faults.look(() -> preTokenizer.only(Set.of("type", "pretokenizers")));
        List<JsonPlace> steps = preTokenizer.get("pretokenizers").items();
        if (steps.size() != 2
                || !steps.get(0).get("type").text().equals("Split")
                || !steps.get(1).get("type").text().equals("ByteLevel")) {
            throw unknown(preTokenizer);
        }
        JsonPlace last = steps.get(1);
        faults.look(() -> last.only(FIELDS));
        faults.look(() -> {
            if (last.flag("use_regex", true)) {
                throw last.unknown("a second split", "\"use_regex\": false after a Split");
            }
        });
        faults.look(() -> {
            if (last.flag("add_prefix_space", false)) {
                throw last.get("add_prefix_space").unknown("it", "false");
            }
        });
        return split(steps.get(0), faults).map(split -> new ByteLevelSplit(split, false));
    }

    private static Optional<Split> split(JsonPlace step, Faults faults) {
        faults.look(() -> step.only(Set.of("type", "pattern", "behavior", "invert")));
        faults.look(() -> {
            if (!step.get("behavior").text().equals("Isolated")) {
                throw step.get("behavior").unknown("the behavior", "\"Isolated\"");
            }
        });
        faults.look(() -> {
            if (step.flag("invert", false)) {
                throw step.get("invert").unknown("it", "false");
            }
        });
        return faults.of(() -> {
            JsonPlace pattern = step.get("pattern").get("Regex");
            return Split.ofPattern(pattern.text())
                    .orElseThrow(
                            () -> pattern.unknown("the pattern", "that of GPT-2, of GPT-4 and Llama 3, or of GPT-4o"));
        });
    }

    private static InputError unknown(JsonPlace preTokenizer) {
        return preTokenizer.unknown("the pre-tokenizer", "ByteLevel, or a Sequence of Split and ByteLevel");
    }
}
