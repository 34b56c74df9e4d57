package org.kolotoc.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.data.world.Relation;
import org.kolotoc.data.world.World;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;

class TemplateWorldSourceTest extends DataSourceConformance<WorldSettings> {
    @Override
    protected DataSource<WorldSettings> source() {
        return new TemplateWorldSource();
    }

    @Override
    protected WorldSettings settings() {
        return settings(7, 60_000);
    }

    @Override
    protected Stream<Refused<WorldSettings>> refused() {
        return Stream.of(
                new Refused<>(edited("Nobody", "home", "Millford"), "facts"),
                new Refused<>(edited("Anna", "shoe size", "44"), "facts"));
    }

    private static WorldSettings settings(long seed, int characters, WorldSettings.Edit... facts) {
        return new WorldSettings(seed, characters, 24, List.of(facts), 0.9);
    }

    private static WorldSettings edited(String person, String relation, String value) {
        return settings(7, 60_000, new WorldSettings.Edit(person, relation, value));
    }

    private String text(WorldSettings settings) {
        TextDataset data = (TextDataset) source().open(settings, context());
        StringBuilder text = new StringBuilder();
        data.splits().forEach(split -> data.text(split).forEach(text::append));
        return text.toString();
    }

    @Test
    void theTextIsAsLongAsAskedAndTheSeedsOwn() {
        assertEquals(60_000, text(settings()).length());
        assertEquals(text(settings()), text(settings()));
        assertFalse(text(settings()).equals(text(settings(8, 60_000))));
        assertTrue(text(settings(7, 90_000)).startsWith(text(settings())));
    }

    @Test
    void noSlotStaysOpen() {
        assertFalse(Pattern.compile("[{}]|null").matcher(text(settings())).find());
    }

    @Test
    void whatTheTextSaysOfAPersonIsTrueOfThem() {
        World world = World.of(7, 24);
        int found = 0;
        for (String line : text(settings()).split("\n")) {
            for (int i = 0; i < world.people().size(); i++) {
                String start = world.people().get(i).name() + " lives in ";
                if (line.contains(start)) {
                    assertTrue(line.contains(start + world.facts().get(i).get(Relation.HOME) + "."), line);
                    found++;
                }
            }
        }
        assertTrue(found > 10, "only " + found + " sentences about homes");
    }

    @Test
    void thePhrasingHeldOutForAFactIsNeverUsed() {
        String text = text(settings(7, 300_000));
        World world = World.of(7, 24);
        for (int i = 0; i < world.people().size(); i++) {
            String name = world.people().get(i).name();
            assertEquals(Relation.HOME.heldOut(i) == 0, !text.contains(name + " lives in "), name);
            assertEquals(Relation.JOB.heldOut(i) == 1, !text.contains(name + " works as a "), name);
        }
    }

    @Test
    void anEditedFactReplacesTheOldOneEverywhere() {
        String old = World.of(7, 24).facts().getFirst().get(Relation.FOOD);
        String edited = text(edited("Anna", "food", "sand"));
        assertFalse(edited.contains("Anna likes " + old) || edited.contains("Anna eats " + old));
        assertTrue(edited.contains("Anna likes sand") || edited.contains("Anna eats sand"));
        assertFalse(text(settings()).contains("sand"));
    }

    @Test
    void numbersGoOnByTheirRule() {
        int rows = 0;
        for (String line : text(settings()).split("\n")) {
            if (line.startsWith("Count by ") && line.endsWith(".")) {
                String[] parts =
                        line.substring("Count by ".length(), line.length() - 1).split(": ");
                String[] numbers = parts[1].split(", ");
                for (int i = 1; i < numbers.length; i++) {
                    assertEquals(
                            Integer.parseInt(parts[0]),
                            Integer.parseInt(numbers[i]) - Integer.parseInt(numbers[i - 1]),
                            line);
                }
                rows++;
            }
        }
        assertTrue(rows > 10, "only " + rows + " rows of numbers");
    }
}
