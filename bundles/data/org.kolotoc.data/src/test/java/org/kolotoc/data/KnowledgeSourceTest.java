package org.kolotoc.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.Choice;
import org.kolotoc.api.text.ChoiceDataset;
import org.kolotoc.data.knowledge.Knowledge;
import org.kolotoc.data.knowledge.KnowledgeEdit;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;

class KnowledgeSourceTest extends DataSourceConformance<KnowledgeSettings> {
    private static final KnowledgeEdit MOVED = new KnowledgeEdit("Hvězdárna Brno", "place", "Modrém kopci");

    @Override
    protected DataSource<KnowledgeSettings> source() {
        return new KnowledgeSource();
    }

    @Override
    protected KnowledgeSettings settings() {
        return settings(7, 60_000, List.of());
    }

    private static KnowledgeSettings settings(long seed, int characters, List<String> kinds, KnowledgeEdit... facts) {
        return new KnowledgeSettings(seed, characters, kinds, List.of(facts), 0.9);
    }

    private static KnowledgeSettings edited(String institution, String relation, String value) {
        return settings(7, 60_000, List.of(), new KnowledgeEdit(institution, relation, value));
    }

    @Override
    protected Stream<Refused<KnowledgeSettings>> refused() {
        return Stream.of(
                new Refused<>(settings(7, 60_000, List.of("fact", "smell")), "kinds[1]"),
                new Refused<>(settings(7, 60_000, List.of("fact", "fact")), "kinds[1]"),
                new Refused<>(settings(7, 60_000, List.of("topic"), MOVED), "facts"),
                new Refused<>(edited("Hvězdárna Řím", "place", "Modrém kopci"), "facts[0]"),
                new Refused<>(edited("Hvězdárna Brno", "smell", "Modrém kopci"), "facts[0]"),
                new Refused<>(edited("Hvězdárna Brno", "place", "Horák"), "facts[0]"));
    }

    private ChoiceDataset open(KnowledgeSettings settings) {
        return (ChoiceDataset) source().open(settings, context());
    }

    private static String text(ChoiceDataset data) {
        StringBuilder text = new StringBuilder();
        data.splits().forEach(split -> data.text(split).forEach(text::append));
        return text.toString();
    }

    private static Map<String, List<Choice>> byKind(ChoiceDataset data) {
        return data.choices().stream().collect(Collectors.groupingBy(Choice::kind, TreeMap::new, Collectors.toList()));
    }

    @Test
    void sixKindsAreAskedForSixtyTimesOrMore() {
        Map<String, List<Choice>> kinds = byKind(open(settings()));
        assertEquals(6, kinds.remove(Knowledge.LECTURE).size());
        assertEquals(new HashSet<>(Knowledge.KINDS), kinds.keySet());
        kinds.forEach((kind, choices) -> {
            int options = Set.of("sentiment", "anaphora").contains(kind) ? 2 : 4;
            choices.forEach(choice -> assertEquals(options, choice.options().size(), choice::toString));
            assertTrue(choices.size() >= 60, () -> kind + " has " + choices.size());
            assertEquals(choices.size(), Set.copyOf(choices).size(), kind + " asks twice");
        });
    }

    @Test
    void theSlidesSentencesComeFirst() {
        List<String> texts = open(settings()).choices().stream()
                .limit(6)
                .map(choice -> choice.text(choice.right()))
                .toList();
        assertEquals(
                List.of(
                        "Hvězdárna Brno se nachází na Kraví hoře.",
                        "Tašku jsem si nechal v práci.",
                        "Mezi oblíbené domácí mazlíčky patří pes",
                        "Prvočíselná řada začíná čísly 2, 3, 5, 7, 11, 13, 17",
                        "Výrobky této firmy prostě zbožňuju. Každý z nich je úplně skvělý.",
                        "Kolotoč nemůže bez hřídele fungovat. Proto ji musíme pravidelně mazat."),
                texts);
    }

    /** Neither the answer nor a wrong one can be looked up; of parts, the text has enough to infer it. */
    @Test
    void nothingThatIsAskedForIsTold() {
        for (long seed : new long[] {1, 2}) {
            ChoiceDataset data = open(settings(seed, 600_000, List.of()));
            String text = text(data);
            for (Choice choice : data.choices()) {
                for (int option = 0; option < choice.options().size(); option++) {
                    assertFalse(text.contains("\n" + choice.text(option)), choice.text(option));
                }
                assertTrue(text.contains(choice.options().get(choice.right())), choice::toString);
            }
        }
    }

    @Test
    void everyPlaceIsRightAboutAsOften() {
        byKind(open(settings())).forEach((kind, choices) -> {
            int options = choices.getFirst().options().size();
            long most = IntStream.range(0, options)
                    .mapToLong(place -> choices.stream()
                            .filter(each -> each.right() == place)
                            .count())
                    .max()
                    .orElseThrow();
            assertTrue(
                    kind.equals(Knowledge.LECTURE) || most <= 1.25 * choices.size() / options + 1,
                    () -> kind + ": one place is right " + most + " times of " + choices.size());
        });
    }

    /** Whoever takes the longest or the shortest option is right no more often than by chance and a fifth. */
    @Test
    void lengthTellsNothing() {
        byKind(open(settings())).forEach((kind, choices) -> {
            int options = choices.getFirst().options().size();
            for (int sign : new int[] {1, -1}) {
                double right = choices.stream()
                        .mapToDouble(choice -> shareOfLongest(choice, sign))
                        .average()
                        .orElseThrow();
                assertTrue(
                        kind.equals(Knowledge.LECTURE) || right <= 1.0 / options + 0.2,
                        () -> kind + ": by length " + right + " are right");
            }
        });
    }

    private static double shareOfLongest(Choice choice, int sign) {
        int longest = choice.options().stream()
                .mapToInt(option -> sign * option.length())
                .max()
                .orElseThrow();
        long equal = choice.options().stream()
                .filter(option -> sign * option.length() == longest)
                .count();
        return sign * choice.options().get(choice.right()).length() == longest ? 1.0 / equal : 0;
    }

    @Test
    void anEditedFactIsToldAndAskedForAsItIsThen() {
        ChoiceDataset before = open(settings(7, 400_000, List.of("fact")));
        ChoiceDataset after = open(settings(7, 400_000, List.of("fact"), MOVED));
        String moved = "Hvězdárna Brno leží na Modrém kopci.";
        assertTrue(text(before).contains("Hvězdárna Brno leží na Kraví hoře."));
        assertFalse(text(before).contains(moved));
        assertTrue(text(after).contains(moved));
        assertFalse(text(after).contains("Hvězdárna Brno leží na Kraví hoře."));
        List<Choice> edited = byKind(after).get("edited");
        assertEquals(1, edited.size());
        assertEquals(
                " Modrém kopci",
                edited.getFirst().options().get(edited.getFirst().right()));
        assertEquals(
                byKind(before).get("fact").size() - 1, byKind(after).get("fact").size());
    }

    /** A model that learned the unedited text has to be able to say so, whatever the new value. */
    @Test
    void whatWasSoBeforeAnEditIsAlwaysAnOption() {
        Choice plain = byKind(open(settings(7, 5_000, List.of("fact")))).get("fact").stream()
                .filter(choice -> choice.before().contains("Hvězdárna Brno"))
                .filter(choice -> choice.options().stream().anyMatch(option -> option.contains("Kraví hoře")))
                .findFirst()
                .orElseThrow();
        List<String> places = byKind(open(settings(7, 5_000, List.of("fact")))).get("fact").stream()
                .filter(choice -> choice.options().contains(" Kraví hoře"))
                .flatMap(choice -> choice.options().stream())
                .distinct()
                .filter(option -> !option.equals(" Kraví hoře"))
                .toList();
        assertTrue(places.size() > plain.options().size(), places::toString);
        for (String place : places) {
            Choice edited = byKind(open(settings(
                            7, 5_000, List.of("fact"), new KnowledgeEdit("Hvězdárna Brno", "place", place.strip()))))
                    .get("edited")
                    .getFirst();
            assertTrue(edited.options().contains(" Kraví hoře"), edited::toString);
            assertEquals(place, edited.options().get(edited.right()));
            assertEquals(4, Set.copyOf(edited.options()).size(), edited::toString);
        }
    }

    @Test
    void anEditThatChangesNothingIsNoted() {
        List<String> said = new ArrayList<>();
        Ledger ledger = (kind, field, sentence) -> said.add(kind.label() + " " + field + ": " + sentence);
        Knowledge same = new Knowledge(
                7, List.of(), List.of(new KnowledgeEdit("Hvězdárna Brno", "place", "Kraví hoře")), ledger);
        assertEquals(List.of("no-effect facts[0]: the place of Hvězdárna Brno is Kraví hoře already"), said);
        assertEquals(new Knowledge(7, List.of(), List.of(), ledger).choices(), same.choices());
    }

    @Test
    void theTextIsAsLongAsAskedAndTellsOfItsKindsAlone() {
        assertEquals(60_000, text(open(settings())).length());
        assertEquals(text(open(settings())), text(open(settings())));
        String rows = text(open(settings(7, 5_000, List.of("arithmetic"))));
        rows.lines().limit(20).forEach(line -> assertTrue(line.matches("[^0-9]*[0-9].*|"), line));
        assertEquals(
                1 + 72,
                open(settings(7, 5_000, List.of("arithmetic"))).choices().size());
    }

    /** Of two options each is right as often, so that to like a word helps nobody. */
    @Test
    void noWordIsRightMoreOftenThanItsOpposite() {
        for (String kind : List.of("sentiment", "anaphora")) {
            Map<String, Integer> balance = new TreeMap<>();
            for (Choice choice : byKind(open(settings())).get(kind)) {
                choice.options()
                        .forEach(option -> balance.merge(
                                option, option.equals(choice.options().get(choice.right())) ? 1 : -1, Integer::sum));
            }
            assertEquals(Set.of(0), Set.copyOf(balance.values()), () -> kind + ": " + balance);
        }
    }

    /** Whoever takes the smallest number, the largest, or any place between is right by chance. */
    @Test
    void sizeTellsNothing() {
        List<Choice> rows = byKind(open(settings())).get("arithmetic");
        for (int place = 0; place < 4; place++) {
            int taken = place;
            long right = rows.stream()
                    .filter(choice -> choice.options().stream()
                                    .map(option -> Integer.parseInt(option.strip()))
                                    .sorted()
                                    .toList()
                                    .indexOf(Integer.parseInt(
                                            choice.options().get(choice.right()).strip()))
                            == taken)
                    .count();
            assertEquals(rows.size() / 4.0, right, 1, "place " + place);
        }
        rows.forEach(choice ->
                choice.options().forEach(option -> assertTrue(Integer.parseInt(option.strip()) > 0, choice::toString)));
    }

    /** The rows that are told are right, by arithmetic of the test's own. */
    @Test
    void rowsGoOnByTheirRules() {
        String rows = text(open(settings(3, 100_000, List.of("arithmetic"))));
        int steps = 0;
        int primes = 0;
        for (String line : rows.substring(0, rows.lastIndexOf('\n')).split("\n")) {
            int[] numbers = Stream.of(line.replaceAll("^.*?(čísly|:) |\\.$", "").split(", "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            if (line.startsWith("Prvo")) {
                primes++;
                for (int i = 0; i < numbers.length; i++) {
                    assertTrue(BigInteger.valueOf(numbers[i]).isProbablePrime(30), line);
                    for (int between = numbers[Math.max(0, i - 1)] + 1; i > 0 && between < numbers[i]; between++) {
                        assertFalse(BigInteger.valueOf(between).isProbablePrime(30), line);
                    }
                }
                continue;
            }
            steps++;
            int step = Integer.parseInt(line.replaceAll("\\D+(\\d+) ?(začíná|:).*", "$1"));
            for (int i = 1; i < numbers.length; i++) {
                assertEquals(step, numbers[i] - numbers[i - 1], line);
            }
        }
        assertTrue(steps > 300 && primes > 200, steps + " rows of steps, " + primes + " of primes");
    }
}
