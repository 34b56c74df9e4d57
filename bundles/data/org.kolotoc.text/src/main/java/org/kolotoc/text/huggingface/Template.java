package org.kolotoc.text.huggingface;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.kolotoc.text.json.Faults;
import org.kolotoc.text.json.JsonPlace;

/**
 * Tokens that stand around a text, as a file's post-processor says for one text alone.
 *
 * @param before in order
 * @param after in order
 */
record Template(List<Integer> before, List<Integer> after) {
    private static final Template NONE = new Template(List.of(), List.of());

    /**
     * What a file says.
     *
     * @param vocab tokens that there are
     * @param faults takes what is wrong with it; what is given then is not to be used
     */
    static Template of(Optional<JsonPlace> processor, int vocab, Faults faults) {
        return processor.map(found -> new Reading(vocab, faults).of(found)).orElse(NONE);
    }

    private static Template joined(Template inner, Template outer) {
        return new Template(joined(outer.before, inner.before), joined(inner.after, outer.after));
    }

    private static List<Integer> joined(List<Integer> first, List<Integer> second) {
        return IntStream.concat(
                        first.stream().mapToInt(Integer::intValue),
                        second.stream().mapToInt(Integer::intValue))
                .boxed()
                .toList();
    }

    private record Reading(int vocab, Faults faults) {
        Template of(JsonPlace processor) {
            return faults.of(() -> read(processor)).orElse(NONE);
        }

        private Template read(JsonPlace processor) {
            return switch (processor.get("type").text()) {
                // It changes where tokens are said to be in the text alone.
                case "ByteLevel" -> {
                    processor.only(Set.of("type", "add_prefix_space", "trim_offsets", "use_regex"));
                    yield NONE;
                }
                case "RobertaProcessing" ->
                    around(processor, Set.of("type", "sep", "cls", "trim_offsets", "add_prefix_space"));
                case "BertProcessing" -> around(processor, Set.of("type", "sep", "cls"));
                case "TemplateProcessing" -> template(processor);
                case "Sequence" -> {
                    faults.look(() -> processor.only(Set.of("type", "processors")));
                    yield processor.get("processors").items().stream()
                            .map(this::of)
                            .reduce(NONE, Template::joined);
                }
                default ->
                    throw processor.unknown(
                            "the post-processor",
                            "TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel or a Sequence of these");
            };
        }

        private Template around(JsonPlace processor, Set<String> known) {
            faults.look(() -> processor.only(known));
            return new Template(one(processor, "cls"), one(processor, "sep"));
        }

        /** A token as {@code ["</s>", 2]}. */
        private List<Integer> one(JsonPlace processor, String name) {
            return faults.of(() -> {
                        JsonPlace token = processor.get(name);
                        List<JsonPlace> parts = token.items();
                        if (parts.size() != 2) {
                            throw token.unknown("a token", "its name and its number");
                        }
                        return List.of(below(parts.get(1)));
                    })
                    .orElse(List.of());
        }

        private int below(JsonPlace number) {
            if (number.integer() >= vocab) {
                throw number.unknown("a token", "one below " + vocab);
            }
            return number.integer();
        }

        private Template template(JsonPlace processor) {
            faults.look(() -> processor.only(Set.of("type", "single", "pair", "special_tokens")));
            Optional<JsonPlace> tokens = faults.of(() -> processor.get("special_tokens"));
            JsonPlace single = processor.get("single");
            List<Integer> before = new ArrayList<>();
            List<Integer> after = new ArrayList<>();
            int texts = 0;
            for (JsonPlace piece : single.items()) {
                List<Integer> out = texts == 0 ? before : after;
                boolean text = faults.of(() -> piece(piece, tokens, out)).orElse(false);
                texts += text ? 1 : 0;
            }
            if (texts != 1) {
                throw single.unknown("the template", "one with one Sequence");
            }
            return new Template(List.copyOf(before), List.copyOf(after));
        }

        /**
         * Reads a piece of a template.
         *
         * @param out gets the tokens of it
         * @return whether it stands for the text
         */
        private boolean piece(JsonPlace piece, Optional<JsonPlace> tokens, List<Integer> out) {
            faults.look(() -> piece.only(Set.of("SpecialToken", "Sequence")));
            Optional<JsonPlace> special = piece.find("SpecialToken");
            JsonPlace found = special.orElseGet(() -> piece.get("Sequence"));
            faults.look(() -> found.find("type_id")
                    .filter(type -> type.integer() != 0)
                    .ifPresent(type -> {
                        throw type.unknown("the type of a token", "0: texts have no types here");
                    }));
            if (special.isPresent() && tokens.isPresent()) {
                List<JsonPlace> ids =
                        tokens.get().get(found.get("id").text()).get("ids").items();
                ids.forEach(id -> faults.of(() -> below(id)).ifPresent(out::add));
            }
            return special.isEmpty();
        }
    }
}
