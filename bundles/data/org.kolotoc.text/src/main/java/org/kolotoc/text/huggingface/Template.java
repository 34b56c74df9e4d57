package org.kolotoc.text.huggingface;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.kolotoc.text.json.JsonPlace;

/**
 * Tokens that stand around a text, as a file's post-processor says for one text alone.
 *
 * @param before in order
 * @param after in order
 */
record Template(List<Integer> before, List<Integer> after) {
    private static final Template NONE = new Template(List.of(), List.of());

    static Template of(Optional<JsonPlace> processor, int vocab) {
        return processor.map(found -> of(found, vocab)).orElse(NONE);
    }

    private static Template of(JsonPlace processor, int vocab) {
        return switch (processor.get("type").text()) {
            // It changes where tokens are said to be in the text alone.
            case "ByteLevel" -> {
                processor.only(Set.of("type", "add_prefix_space", "trim_offsets", "use_regex"));
                yield NONE;
            }
            case "RobertaProcessing" -> {
                processor.only(Set.of("type", "sep", "cls", "trim_offsets", "add_prefix_space"));
                yield new Template(one(processor.get("cls"), vocab), one(processor.get("sep"), vocab));
            }
            case "BertProcessing" -> {
                processor.only(Set.of("type", "sep", "cls"));
                yield new Template(one(processor.get("cls"), vocab), one(processor.get("sep"), vocab));
            }
            case "TemplateProcessing" -> template(processor, vocab);
            case "Sequence" ->
                processor.only(Set.of("type", "processors")).get("processors").items().stream()
                        .map(step -> of(step, vocab))
                        .reduce(
                                NONE,
                                (inner, outer) -> new Template(
                                        joined(outer.before, inner.before), joined(inner.after, outer.after)));
            default ->
                throw processor.unknown(
                        "the post-processor",
                        "TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel or a Sequence of these");
        };
    }

    private static List<Integer> joined(List<Integer> first, List<Integer> second) {
        return IntStream.concat(
                        first.stream().mapToInt(Integer::intValue),
                        second.stream().mapToInt(Integer::intValue))
                .boxed()
                .toList();
    }

    /** A token as {@code ["</s>", 2]}. */
    private static List<Integer> one(JsonPlace token, int vocab) {
        List<JsonPlace> parts = token.items();
        if (parts.size() != 2) {
            throw token.unknown("a token", "its name and its number");
        }
        return List.of(below(parts.get(1), vocab));
    }

    private static int below(JsonPlace number, int vocab) {
        if (number.integer() >= vocab) {
            throw number.unknown("a token", "one below " + vocab);
        }
        return number.integer();
    }

    private static Template template(JsonPlace processor, int vocab) {
        processor.only(Set.of("type", "single", "pair", "special_tokens"));
        JsonPlace tokens = processor.get("special_tokens");
        List<JsonPlace> pieces = processor.get("single").items();
        Template template = NONE;
        int texts = 0;
        for (JsonPlace piece : pieces) {
            piece.only(Set.of("SpecialToken", "Sequence"));
            Optional<JsonPlace> special = piece.find("SpecialToken");
            JsonPlace found = special.orElseGet(() -> piece.get("Sequence"));
            found.find("type_id").filter(type -> type.integer() != 0).ifPresent(type -> {
                throw type.unknown("the type of a token", "0: texts have no types here");
            });
            if (special.isEmpty()) {
                texts++;
                continue;
            }
            List<Integer> ids = tokens.get(found.get("id").text()).get("ids").items().stream()
                    .map(id -> below(id, vocab))
                    .toList();
            template = texts == 0
                    ? new Template(joined(template.before, ids), template.after)
                    : new Template(template.before, joined(template.after, ids));
        }
        if (texts != 1) {
            throw processor.get("single").unknown("the template", "one with one Sequence");
        }
        return template;
    }
}
