package org.kolotoc.data.world;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kolotoc.data.world.World.Person;
import org.kolotoc.tensor.CounterRandom;

/** Tells of a world, a paragraph a line: facts, agreement, topics, numbers, feelings and who is who, in equal shares. */
public final class Narrator {
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)(?:\\.(\\w+))?}");
    private static final List<String> TOPIC_NAMES = List.copyOf(new TreeMap<>(Lexicon.TOPICS).keySet());
    private static final List<String> AGREEMENT = List.of(
            "The {n} {v}.",
            "The {n} at the {place} {v}.",
            "The {n} near the {other} {v}.",
            "I know that the {n} behind the {other} {v}.");
    private static final List<String> TOPIC = List.of(
            "Under the word {topic} the book lists {a}, {b} and {c}.",
            "{p} thinks of {topic}: {a}, {b}, {c}.",
            "There is talk of {topic} here: {a}, {b} and also {c}.");
    private static final List<String> FEELING = List.of(
            "The {thing} was {x} and {y}. {p} was {mood}.",
            "{p} was {mood}, because the {thing} was {x}.",
            "What a {x} {thing}! It made {p} {mood}.",
            "{p} said that the {thing} was {x}, and {p.she} felt {mood}.");
    private static final List<String> JUDGEMENT = List.of(
            "The {thing} was {x} and {y}.", "{p} said that the {thing} was {x}.", "{p} had a {x} and {y} {thing}.");
    private static final List<String> REFERENCE = List.of(
            "{p} met {q} at the {place}. {p.She} had a {colour} {thing}. The {thing} was {p}'s.",
            "{p} met {q} at the {place}. {q.She} had a {colour} {thing}. The {thing} was {q}'s.",
            "{p} gave {q} a {colour} {thing}. Now {q.she} has it, and {p.she} does not.",
            "{p} saw {q} at the {place}, and {p.she} called {q.him}. {q} heard {p.him}.",
            "{q} lost {q.her} {thing}, and {p} found it. {p.She} brought it to {q.him}.");

    /** Words of praise, and of blame, that few judgements have; all their letters are in others too. */
    private static final int RARE = 3;

    /** One judgement of so many has rare words. */
    private static final int RARE_SHARE = 10;

    private final World world;
    private final CounterRandom random;
    private long drawn;

    public Narrator(World world, long seed) {
        this.world = world;
        this.random = new CounterRandom(seed, "template-world/text");
    }

    /**
     * Writes a text of exactly so many characters; the last paragraph may be cut.
     *
     * @param reached hears after each paragraph how many were written
     */
    public void tell(int characters, Appendable out, LongConsumer reached) throws IOException {
        for (int told = 0; told < characters; ) {
            String paragraph = paragraph() + "\n";
            int count = Math.min(paragraph.length(), characters - told);
            out.append(paragraph, 0, count);
            told += count;
            reached.accept(told);
        }
    }

    private String paragraph() {
        return switch (below(6)) {
            case 0 -> facts();
            case 1 -> agreement();
            case 2 -> topic();
            case 3 -> numbers();
            case 4 -> feeling();
            default -> reference();
        };
    }

    /** Two or three things about one person, never in the phrasing held out for it. */
    private String facts() {
        int person = below(world.people().size());
        int first = below(Relation.values().length);
        int count = 2 + below(2);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Relation relation = Relation.values()[(first + i) % Relation.values().length];
            int held = relation.heldOut(person);
            int used = (held + 1 + below(relation.phrasings().size() - 1))
                    % relation.phrasings().size();
            Map<String, Object> slots = Map.of(
                    "p",
                    world.people().get(person),
                    "v",
                    world.facts().get(person).get(relation));
            text.append(i == 0 ? "" : " ").append(filled(relation.phrasings().get(used), slots));
        }
        return text.toString();
    }

    /** The verb follows its subject, not the noun beside it. */
    private String agreement() {
        int number = below(2);
        return filled(
                pick(AGREEMENT),
                Map.of(
                        "n", pick(Lexicon.NOUNS).get(number),
                        "v", pick(Lexicon.VERBS).get(number) + (below(2) == 0 ? " here" : " there"),
                        "place", pick(Lexicon.PLACES),
                        "other", pick(Lexicon.NOUNS).get(below(2))));
    }

    /**
     * A sentence whose verb follows its subject, or else does not; a function of the random numbers from one on. The noun beside the
     * verb is of either number.
     */
    public static String agreement(CounterRandom random, long from) {
        int subject = random.integer(from, 2);
        int verb = random.integer(from + 1, 2);
        return filled(
                AGREEMENT.get(1 + random.integer(from + 2, AGREEMENT.size() - 1)),
                Map.of(
                        "n", drawn(Lexicon.NOUNS, random, from + 3).get(subject),
                        "v", drawn(Lexicon.VERBS, random, from + 4).get(verb),
                        "place", drawn(Lexicon.PLACES, random, from + 5),
                        "other", drawn(Lexicon.NOUNS, random, from + 5).get(random.integer(from + 6, 2))));
    }

    private static <T> T drawn(List<T> all, CounterRandom random, long index) {
        return all.get(random.integer(index, all.size()));
    }

    /** Whether the verb of an {@link #agreement} follows its subject, which is the first noun. */
    public static boolean agrees(String sentence) {
        String words = sentence.replace(".", "");
        int subject = Stream.of(words.split(" "))
                .map(word -> number(Lexicon.NOUNS, word))
                .filter(number -> number >= 0)
                .findFirst()
                .orElse(-1);
        return subject >= 0 && Lexicon.VERBS.stream().anyMatch(forms -> words.endsWith(" " + forms.get(subject)));
    }

    /** 0 for a singular, 1 for a plural, -1 for what is neither. */
    private static int number(List<List<String>> forms, String word) {
        return forms.stream().mapToInt(pair -> pair.indexOf(word)).max().orElse(-1);
    }

    private String topic() {
        String topic = pick(TOPIC_NAMES);
        List<String> words = Lexicon.TOPICS.get(topic);
        int first = below(words.size());
        int stride = 1 + below(2);
        return filled(
                pick(TOPIC),
                Map.of(
                        "topic", topic,
                        "p", anyone(),
                        "a", words.get(first),
                        "b", words.get((first + stride) % words.size()),
                        "c", words.get((first + 2 * stride) % words.size())));
    }

    /** A row that goes on by a rule. */
    private String numbers() {
        int length = 5 + below(4);
        int start = 1 + below(12);
        int stride = 1 + below(5);
        boolean primes = below(4) == 0;
        StringBuilder text = new StringBuilder(primes ? "Primes: " : "Count by " + stride + ": ");
        int value = primes ? nextPrime(start) : start;
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : ", ").append(value);
            value = primes ? nextPrime(value + 1) : value + stride;
        }
        return text.append('.').toString();
    }

    private static int nextPrime(int from) {
        for (int candidate = Math.max(2, from); ; candidate++) {
            boolean prime = true;
            for (int divisor = 2; divisor * divisor <= candidate; divisor++) {
                prime &= candidate % divisor != 0;
            }
            if (prime) {
                return candidate;
            }
        }
    }

    private String feeling() {
        boolean good = below(2) == 0;
        List<String> said = good ? Lexicon.GOOD : Lexicon.BAD;
        int first = below(said.size());
        return filled(
                pick(FEELING),
                Map.of(
                        "p", anyone(),
                        "thing", pick(Lexicon.JUDGED),
                        "x", said.get(first),
                        "y", said.get((first + 1 + below(said.size() - 1)) % said.size()),
                        "mood", pick(good ? Lexicon.GLAD : Lexicon.SORRY)));
    }

    /**
     * A sentence that praises or blames something, from which nobody's mood is to be seen; a function of the random numbers from
     * one on. Words of {@link #isRare} sentences are in no other.
     */
    public static String judgement(World world, CounterRandom random, long from) {
        boolean good = random.integer(from, 2) == 0;
        List<String> all = good ? Lexicon.GOOD : Lexicon.BAD;
        List<String> said =
                random.integer(from + 6, RARE_SHARE) == 0 ? all.subList(0, RARE) : all.subList(RARE, all.size());
        int first = random.integer(from + 1, said.size());
        return filled(
                JUDGEMENT.get(random.integer(from + 2, JUDGEMENT.size())),
                Map.of(
                        "p",
                                world.people()
                                        .get(random.integer(
                                                from + 3, world.people().size())),
                        "thing", Lexicon.JUDGED.get(random.integer(from + 4, Lexicon.JUDGED.size())),
                        "x", said.get(first),
                        "y", said.get((first + 1 + random.integer(from + 5, said.size() - 1)) % said.size())));
    }

    /** Whether the words of a {@link #judgement} are those which nine of ten do not have. */
    public static boolean isRare(String judgement) {
        return Stream.of(Lexicon.GOOD, Lexicon.BAD)
                .flatMap(all -> all.subList(0, RARE).stream())
                .anyMatch(judgement::contains);
    }

    /** Whether a {@link #judgement} praises. */
    public static boolean praises(String judgement) {
        return Lexicon.GOOD.stream().anyMatch(judgement::contains);
    }

    /**
     * What somebody thinks of something, and a mood that follows from it, or else does not; a function of the random numbers from
     * one on.
     */
    public static String mood(World world, CounterRandom random, long from) {
        List<String> said = random.integer(from, 2) == 0 ? Lexicon.GOOD : Lexicon.BAD;
        int first = random.integer(from + 1, said.size());
        return filled(
                drawn(FEELING, random, from + 2),
                Map.of(
                        "p", drawn(world.people(), random, from + 3),
                        "thing", drawn(Lexicon.JUDGED, random, from + 4),
                        "x", said.get(first),
                        "y", said.get((first + 1 + random.integer(from + 5, said.size() - 1)) % said.size()),
                        "mood",
                                drawn(
                                        random.integer(from + 6, 2) == 0 ? Lexicon.GLAD : Lexicon.SORRY,
                                        random,
                                        from + 7)));
    }

    /** Whether the mood of a {@link #mood} follows. */
    public static boolean follows(String mood) {
        List<String> words = List.of(mood.split("\\W+"));
        return words.stream().anyMatch(Lexicon.GOOD::contains) == words.stream().anyMatch(Lexicon.GLAD::contains);
    }

    /** Two people of different pronouns (they live there in turn), so that the words alone tell who is meant. */
    private String reference() {
        int one = below(world.people().size());
        int other = 2 * below(world.people().size() / 2) + 1 - one % 2;
        return filled(
                pick(REFERENCE),
                Map.of(
                        "p", world.people().get(one),
                        "q", world.people().get(other),
                        "place", pick(Lexicon.PLACES),
                        "thing", pick(Lexicon.THINGS),
                        "colour", pick(Lexicon.COLOURS)));
    }

    private Person anyone() {
        return pick(world.people());
    }

    private <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    private int below(int bound) {
        return random.integer(drawn++, bound);
    }

    /** A template with its slots filled: {@code {p}} a word or a name, {@code {p.she}} a pronoun, {@code {p.She}} in capitals. */
    static String filled(String template, Map<String, Object> slots) {
        Matcher slot = SLOT.matcher(template);
        return slot.replaceAll(match -> {
            Object value = slots.get(match.group(1));
            return Matcher.quoteReplacement(
                    value instanceof Person person ? form(person, match.group(2)) : value.toString());
        });
    }

    private static String form(Person person, String form) {
        return switch (form) {
            case null -> person.name();
            case "she" -> person.subject();
            case "She" -> person.woman() ? "She" : "He";
            case "him" -> person.object();
            case "her" -> person.possessive();
            default -> throw new IllegalArgumentException("a template asks for the form '" + form + "' of a person");
        };
    }
}
