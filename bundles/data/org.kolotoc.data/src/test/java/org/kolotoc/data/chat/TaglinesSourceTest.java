package org.kolotoc.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.data.tagline.Taglines;
import org.kolotoc.data.tagline.Taglines.Prompt;
import org.kolotoc.tck.DataSourceConformance;

class TaglinesSourceTest extends DataSourceConformance<TaglinesSettings> {
    @Override
    protected DataSource<TaglinesSettings> source() {
        return new TaglinesSource();
    }

    @Override
    protected TaglinesSettings settings() {
        return settings(Prompt.INSTRUCTION);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of(
                "batch",
                3,
                "time",
                source().open(settings(), context()).dimensions().get("time"));
    }

    private static TaglinesSettings settings(Prompt prompt) {
        return new TaglinesSettings(
                prompt, 1, new ChatTemplate("", "\n", "\n", ""), new Lengths(256, 256, ChatTokens.Cut.LEFT));
    }

    private static double quality(String question, String answer) {
        return Taglines.quality(new Exchange(question, answer));
    }

    private Set<String> shops(Prompt prompt, String split) {
        return ((ChatDataset) source().open(settings(prompt), context()))
                .exchanges(split).stream()
                        .map(exchange -> Taglines.about(exchange.question()))
                        .collect(Collectors.toSet());
    }

    /** A shop that is held out is so whatever the prompt, else one prompt would teach what the other asks. */
    @Test
    void theSameShopsAreHeldOutForEachPrompt() {
        Set<String> heldOut = shops(Prompt.INSTRUCTION, "validation");
        assertEquals(heldOut, shops(Prompt.BEGINNING, "validation"));
        assertTrue(heldOut.size() >= 80 && heldOut.size() <= 120, () -> "held out are " + heldOut.size());
        Set<String> both = new HashSet<>(shops(Prompt.INSTRUCTION, "train"));
        assertEquals(200, both.size() + heldOut.size());
        both.retainAll(heldOut);
        assertEquals(Set.of(), both);
    }

    @Test
    void taglinesOfTheShopAloneAreGood() {
        String asked = "Write a tagline for an ice cream shop.";
        assertEquals(1, quality(asked, "Our cones will make you smile."));
        assertEquals(1, quality("Here is a tagline for an ice cream shop:", " Life is better with scoops.\n"));
        assertEquals(0.01, quality(asked, "Our loaves will make you smile."));
        assertEquals(0.01, quality(asked, "Our cones loaves will make you smile."));
        assertEquals(0.01, quality("Write a tagline for a dragon.", "Our cones will make you smile."));
        for (Prompt prompt : Prompt.values()) {
            List<Exchange> all = Taglines.exchanges(prompt, 3);
            for (int i = 0; i < all.size(); i++) {
                assertEquals(1, Taglines.quality(all.get(i)));
                String other = all.get((i + 7) % all.size()).answer();
                assertEquals(0.01, quality(all.get(i).question(), other), all.get(i) + " " + other);
            }
        }
    }

    /** An instruction is never followed by what it asks for: the text has to teach taglines, but not to obey. */
    @Test
    void noInstructionIsFollowedByItsTagline() throws IOException {
        StringBuilder text = new StringBuilder();
        Taglines.tell(400_000, 1, text, _ -> {});
        assertEquals(400_000, text.length());
        String[] lines = text.toString().split("\n");
        int instructions = 0;
        int told = 0;
        for (int i = 0; i + 1 < lines.length; i++) {
            boolean asks = lines[i].startsWith("Write a tagline for ");
            instructions += asks ? 1 : 0;
            told += lines[i].startsWith("Here is a tagline for ") ? 1 : 0;
            assertFalse(asks && quality(lines[i], lines[i + 1]) > 0, lines[i] + " " + lines[i + 1]);
        }
        assertTrue(instructions > 1000 && told > 1000, instructions + " instructions, " + told + " taglines");
        Set<String> shops = Taglines.exchanges(Prompt.INSTRUCTION, 1).stream()
                .map(exchange -> Taglines.about(exchange.question()))
                .collect(Collectors.toSet());
        shops.forEach(shop -> assertTrue(text.indexOf("Here is a tagline for " + shop + ":") >= 0, shop));
    }
}
