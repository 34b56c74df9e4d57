package org.kolotoc.text.huggingface;

import java.text.Normalizer.Form;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.kolotoc.text.json.Faults;
import org.kolotoc.text.json.JsonPlace;

/** What happens to a text before it is cut into words. Characters are changed one by one, whatever stands beside them. */
final class Normalizer {
    private Normalizer() {}

    /** What a file says; a text stays as it is where it says nothing, or what has a fault. */
    static UnaryOperator<String> of(Optional<JsonPlace> normalizer, Faults faults) {
        return normalizer.map(found -> of(found, faults)).orElse(text -> text);
    }

    private static UnaryOperator<String> of(JsonPlace normalizer, Faults faults) {
        return faults.of(() -> read(normalizer, faults)).orElse(text -> text);
    }

    private static UnaryOperator<String> read(JsonPlace normalizer, Faults faults) {
        String type = normalizer.get("type").text();
        return switch (type) {
            case "NFC", "NFD", "NFKC", "NFKD" -> {
                normalizer.only(Set.of("type"));
                yield text -> java.text.Normalizer.normalize(text, Form.valueOf(type));
            }
            case "Lowercase" -> {
                normalizer.only(Set.of("type"));
                yield Normalizer::lowercase;
            }
            case "StripAccents" -> {
                normalizer.only(Set.of("type"));
                yield text -> without(
                        text,
                        1 << Character.NON_SPACING_MARK
                                | 1 << Character.COMBINING_SPACING_MARK
                                | 1 << Character.ENCLOSING_MARK);
            }
            case "BertNormalizer" -> bert(normalizer, faults);
            case "Sequence" -> {
                faults.look(() -> normalizer.only(Set.of("type", "normalizers")));
                yield normalizer.get("normalizers").items().stream()
                        .map(step -> of(step, faults))
                        .reduce(text -> text, (first, second) -> text -> second.apply(first.apply(text)));
            }
            default ->
                throw normalizer.unknown(
                        "the normalizer",
                        "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents or a Sequence of these");
        };
    }

    private static UnaryOperator<String> bert(JsonPlace normalizer, Faults faults) {
        faults.look(() ->
                normalizer.only(Set.of("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase")));
        boolean clean = normalizer.flag("clean_text", true, faults);
        boolean chinese = normalizer.flag("handle_chinese_chars", true, faults);
        boolean lowercase = normalizer.flag("lowercase", true, faults);
        boolean accents = !normalizer.flag("strip_accents", lowercase, faults);
        return text -> {
            String cleaned = clean ? clean(text) : text;
            String apart = chinese ? apart(cleaned) : cleaned;
            String plain = accents
                    ? apart
                    : without(java.text.Normalizer.normalize(apart, Form.NFD), 1 << Character.NON_SPACING_MARK);
            return lowercase ? lowercase(plain) : plain;
        };
    }

    private static String without(String text, int types) {
        return text.codePoints()
                .filter(character -> (1 << Character.getType(character) & types) == 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String lowercase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (character == 0x130) {
                // The only one that becomes two.
                lower.append("i\u0307");
            } else {
                lower.appendCodePoint(Character.toLowerCase(character));
            }
        });
        return lower.toString();
    }

    /** Without control characters, with plain spaces. */
    private static String clean(String text) {
        StringBuilder cleaned = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (character == '\t' || character == '\n' || character == '\r' || WordSplit.isSpaceSeparator(character)) {
                cleaned.append(' ');
            } else if (character != 0xFFFD && !isControl(character)) {
                cleaned.appendCodePoint(character);
            }
        });
        return cleaned.toString();
    }

    private static boolean isControl(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** Ideographs with spaces around them. */
    private static String apart(String text) {
        StringBuilder apart = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (isIdeograph(character)) {
                apart.append(' ').appendCodePoint(character).append(' ');
            } else {
                apart.appendCodePoint(character);
            }
        });
        return apart.toString();
    }

    private static boolean isIdeograph(int character) {
        return character >= 0x4E00 && character <= 0x9FFF
                || character >= 0x3400 && character <= 0x4DBF
                || character >= 0x20000 && character <= 0x2A6DF
                || character >= 0x2A700 && character <= 0x2B81F
                || character >= 0x2B920 && character <= 0x2CEAF
                || character >= 0xF900 && character <= 0xFAFF
                || character >= 0x2F800 && character <= 0x2FA1F;
    }
}
