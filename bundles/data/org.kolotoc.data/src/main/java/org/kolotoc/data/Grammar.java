package org.kolotoc.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.CounterRandom;

/**
 * Writes texts by rules: each has texts that it may become, and how often of a round of them, with slots for further rules.
 * Every round has each text exactly as often, in another order, so that what follows what is known exactly and not by
 * chance.
 */
final class Grammar {
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");

    /** Rules within rules. */
    private static final int DEEPEST = 500;

    /** Characters of the longest text that may be written. */
    private static final long LONGEST = 1L << 28;

    private final Map<String, Map<String, Integer>> rules;
    private final long seed;
    private final Map<String, Bag> bags = new HashMap<>();

    /**
     * Checks the rules.
     *
     * @throws InputError naming the field, when one is empty, asks for what is not there, or never ends
     */
    Grammar(Map<String, Map<String, Integer>> rules, String start, long seed) {
        this.rules = rules;
        this.seed = seed;
        if (!rules.containsKey(start)) {
            throw InputError.field("start", "'" + start + "' is no rule; expected one of " + rules.keySet());
        }
        rules.forEach(this::check);
        Map<String, Size> known = new HashMap<>();
        rules.keySet().forEach(rule -> size(rule, new ArrayList<>(), known));
    }

    private void check(String name, Map<String, Integer> rule) {
        String field = "rules." + name;
        long times = 0;
        for (Map.Entry<String, Integer> text : rule.entrySet()) {
            if (text.getValue() < 0) {
                throw InputError.field(
                        field, "'" + text.getKey() + "' " + text.getValue() + " times; expected 0 or more");
            }
            times += text.getValue();
            slots(text.getKey()).forEach(slot -> {
                if (!rules.containsKey(slot)) {
                    throw InputError.field(
                            field,
                            "'" + text.getKey() + "' has a slot for '" + slot + "', which is no rule; expected one of "
                                    + rules.keySet());
                }
            });
        }
        if (times < 1 || times > 1_000_000) {
            throw InputError.field(field, "a round has " + times + " texts; expected 1 to 1000000");
        }
    }

    /** Characters of the longest text of a rule, and rules within it, itself included. */
    private record Size(long longest, int depth) {}

    /**
     * Each rule is looked at once.
     *
     * @throws InputError for a rule that comes back to itself, since it may be endless and its rounds would mix, and for one that
     *     is too deep or too long
     */
    private Size size(String rule, List<String> above, Map<String, Size> known) {
        Size found = known.get(rule);
        if (found != null) {
            return found;
        }
        String field = "rules." + rule;
        if (above.contains(rule)) {
            throw InputError.field(
                    field, "comes back to itself, by " + String.join(", ", above) + "; expected a rule that ends");
        }
        requireShallow(field, above.size() + 1);
        above.add(rule);
        long longest = 0;
        int depth = 1;
        for (String text : rules.get(rule).keySet()) {
            long length = SLOT.matcher(text).replaceAll("").length();
            for (String slot : slots(text)) {
                Size inner = size(slot, above, known);
                length += inner.longest();
                depth = Math.max(depth, inner.depth() + 1);
            }
            longest = Math.max(longest, length);
        }
        above.removeLast();
        requireShallow(field, depth);
        if (longest > LONGEST) {
            throw InputError.field(
                    field, "becomes a text of up to " + longest + " characters; expected at most " + LONGEST);
        }
        known.put(rule, new Size(longest, depth));
        return known.get(rule);
    }

    private static void requireShallow(String field, int depth) {
        if (depth > DEEPEST) {
            throw InputError.field(
                    field, "is one of more than " + DEEPEST + " rules within each other; expected at most as many");
        }
    }

    private static List<String> slots(String text) {
        return SLOT.matcher(text).results().map(slot -> slot.group(1)).toList();
    }

    /** The next text of a rule. */
    String text(String rule) {
        String text = bags.computeIfAbsent(
                        rule, name -> new Bag(rules.get(name), new CounterRandom(seed, "grammar/" + name)))
                .next();
        return SLOT.matcher(text).replaceAll(slot -> Matcher.quoteReplacement(text(slot.group(1))));
    }

    /** Texts of a rule, a round after the other. */
    private static final class Bag {
        private final List<String> round = new ArrayList<>();
        private final CounterRandom random;
        private int taken;
        private long drawn;

        Bag(Map<String, Integer> texts, CounterRandom random) {
            this.random = random;
            texts.forEach((text, times) -> {
                for (int i = 0; i < times; i++) {
                    round.add(text);
                }
            });
        }

        /** Draws without putting back (Durstenfeld 1964). */
        String next() {
            int other = taken + random.integer(drawn++, round.size() - taken);
            String text = round.get(other);
            round.set(other, round.get(taken));
            round.set(taken, text);
            taken = (taken + 1) % round.size();
            return text;
        }
    }
}
