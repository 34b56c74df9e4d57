package org.kolotoc.api.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.kolotoc.api.InputError;

/**
 * The fields of a {@code config.json}. Who reads it reads every field or says that it has no influence on what is computed; the
 * rest, and what a field asks for that is not had, is refused by name, all of it at once.
 */
public final class ForeignConfig {
    /** What says who made a checkpoint, how it was trained, or how text is made of it. */
    private static final Set<String> NO_INFLUENCE = Set.of(
            "_name_or_path",
            "architectures",
            "bos_token_id",
            "decoder_start_token_id",
            "dtype",
            "early_stopping",
            "eos_token_id",
            "finetuning_task",
            "forced_bos_token_id",
            "forced_eos_token_id",
            "gradient_checkpointing",
            "id2label",
            "init_std",
            "initializer_factor",
            "initializer_range",
            "is_encoder_decoder",
            "label2id",
            "length_penalty",
            "max_length",
            "min_length",
            "model_type",
            "no_repeat_ngram_size",
            "num_beams",
            "output_attentions",
            "output_hidden_states",
            "pad_token_id",
            "pretraining_tp",
            "problem_type",
            "return_dict",
            "sep_token_id",
            "task_specific_params",
            "torch_dtype",
            "transformers_version",
            "use_cache");

    private static final String SIZE = "expected a whole number, 1 to " + Integer.MAX_VALUE;

    private final String file;
    private final Map<String, Object> fields;
    private final Set<String> read = new HashSet<>(NO_INFLUENCE);
    private final List<String> faults = new ArrayList<>();

    /**
     * The fields of a file.
     *
     * @param file for messages
     * @param fields {@link String}, {@link Number}, {@link Boolean}, {@link List} or {@link Map} by name; a field that is null
     *     is one that is not there
     */
    public ForeignConfig(String file, Map<String, ?> fields) {
        this.file = file;
        this.fields = new TreeMap<>();
        fields.forEach((name, value) -> {
            if (value != null) {
                this.fields.put(name, value);
            }
        });
    }

    /** What kind of model it is of: {@code model_type}; empty where that is missing. */
    public String architecture() {
        return fields.get("model_type") instanceof String name ? name : "";
    }

    /** A whole number that has to be there, at least 1. */
    public int size(String field) {
        return has(field) ? size(field, 1) : fault(field, "is missing; " + SIZE, 1);
    }

    /** A whole number of at least 1. */
    public int size(String field, int otherwise) {
        return taken(field) instanceof Number number
                        && number.doubleValue() >= 1
                        && number.intValue() == number.doubleValue()
                ? number.intValue()
                : has(field) ? fault(field, SIZE, otherwise) : otherwise;
    }

    /** A number. */
    public double number(String field, double otherwise) {
        return taken(field) instanceof Number number
                ? number.doubleValue()
                : has(field) ? fault(field, "expected a number", otherwise) : otherwise;
    }

    /** True or false. */
    public boolean flag(String field, boolean otherwise) {
        return taken(field) instanceof Boolean flag
                ? flag
                : has(field) ? fault(field, "expected true or false", otherwise) : otherwise;
    }

    /** One of the names that are known, as what it stands for. */
    public <T> T oneOf(String field, String otherwise, Map<String, T> known) {
        Object name = has(field) ? taken(field) : otherwise;
        T found = name instanceof String text ? known.get(text) : null;
        return found == null
                ? fault(
                        field,
                        "expected one of " + String.join(", ", new TreeMap<>(known).keySet()),
                        known.get(otherwise))
                : found;
    }

    /** A number that several fields have to agree on; those that are not there do. */
    public double agreed(double otherwise, String... names) {
        List<String> there = Arrays.stream(names).filter(this::has).toList();
        double first = there.isEmpty() ? otherwise : number(there.getFirst(), otherwise);
        for (String field : there) {
            if (number(field, first) != first) {
                fault(field, "expected " + shown(first) + " as of \"" + there.getFirst() + "\"", first);
            }
        }
        return first;
    }

    /** A number that another has to be a whole multiple of; fields that are not there are left to who needs them. */
    public void divides(String part, String whole) {
        if (fields.get(part) instanceof Number few
                && fields.get(whole) instanceof Number many
                && few.doubleValue() >= 1
                && many.doubleValue() % few.doubleValue() != 0) {
            fault(part, "expected a number that divides \"" + whole + "\", which is " + shown(many), part);
        }
    }

    /** The entries of an object; nothing where there is none. */
    public ForeignConfig object(String field) {
        Map<String, Object> inside = new TreeMap<>();
        if (taken(field) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> inside.put(String.valueOf(name), value));
        } else if (has(field)) {
            fault(field, "expected an object", inside);
        }
        return new ForeignConfig(file + ": " + field, inside);
    }

    /** How many entries an object has; 0 where there is none. */
    public int entries(String field) {
        return fields.get(field) instanceof Map<?, ?> map ? map.size() : 0;
    }

    /** A field with another value asks for what is not had. */
    public void only(String field, Object... allowed) {
        Object value = taken(field);
        boolean fits = value == null
                || Arrays.stream(allowed)
                        .anyMatch(one -> one instanceof Number a && value instanceof Number b
                                ? a.doubleValue() == b.doubleValue()
                                : one.equals(value));
        if (!fits) {
            List<String> shown =
                    Arrays.stream(allowed).map(ForeignConfig::shown).toList();
            String expected = shown.isEmpty() ? "no such field" : String.join(" or ", shown);
            fault(field, "this model has no such part; expected " + expected, value);
        }
    }

    /** Fields that change nothing of what is computed. */
    public void ignore(String... names) {
        read.addAll(List.of(names));
    }

    /** Whether a field is there. */
    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /**
     * Ends the reading.
     *
     * @throws InputError listing what was refused, and fields that nobody read
     */
    public void check() {
        fields.keySet().stream()
                .filter(field -> !read.contains(field))
                .forEach(field ->
                        fault(field, "nobody here knows what it asks for; remove it if it asks for nothing", null));
        if (!faults.isEmpty()) {
            throw InputError.of(String.join("\n", faults), "mend the file, or get one that belongs to the tensors");
        }
    }

    /** Takes over the faults of an object inside, and of what nobody read there. */
    public void check(ForeignConfig inside) {
        inside.fields.keySet().stream()
                .filter(field -> !inside.read.contains(field))
                .forEach(field -> inside.fault(field, "nobody here knows what it asks for", null));
        faults.addAll(inside.faults);
    }

    private Object taken(String field) {
        read.add(field);
        return fields.get(field);
    }

    private <T> T fault(String field, String expected, T otherwise) {
        read.add(field);
        faults.add(
                file + ": \"" + field + "\" " + (has(field) ? "is " + shown(fields.get(field)) + "; " : "") + expected);
        return otherwise;
    }

    private static String shown(Object value) {
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return String.valueOf(number.longValue());
        }
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }
}
