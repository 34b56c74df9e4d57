package org.kolotoc.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;

/** Parts are encoded in the order of their names: whatever map they come in, every process meets the same fault first. */
class PartsTest {
    private static final List<String> NAMES = List.of("fir", "oak", "ash", "elm", "yew", "bay", "box", "fig", "tea");
    private static final ChatTemplate TEMPLATE = new ChatTemplate("?", ":", "\n", "|");
    private static final DataContext CONTEXT = new BenchDataContext(Path.of(""), 1, Toys::tokenizer);

    /** A part for training, and others of which each has a character that no other has. */
    private static <T> void inOrder(
            BiFunction<String, String, T> example, BiFunction<Map<String, List<T>>, DataContext, ChatDataset> data) {
        Map<String, String> unknown = new TreeMap<>();
        NAMES.forEach(name -> unknown.put(name, Character.toString('A' + unknown.size())));
        Map<String, List<T>> parts = new HashMap<>(Map.of("train", List.of(example.apply("ab", "ba"))));
        unknown.forEach((name, character) -> parts.put(name, List.of(example.apply(character, "ab"))));
        for (Map.Entry<String, String> first : unknown.entrySet()) {
            // As sources give them: of two parts, in the order that this process has.
            Map<String, List<T>> given = Map.copyOf(parts);
            String message = assertThrows(InputError.class, () -> data.apply(given, CONTEXT))
                    .getMessage();
            assertTrue(message.contains("'" + first.getValue() + "'"), message);
            parts.remove(first.getKey());
        }
        assertEquals(List.of("train"), data.apply(parts, CONTEXT).splits());
    }

    @Test
    void ofExchanges() {
        inOrder(Exchange::new, (parts, context) -> Chats.of(parts, TEMPLATE, QuestionsSourceTest.LENGTHS, context, ""));
    }

    @Test
    void ofRankings() {
        inOrder(
                (question, answer) -> new Ranking(question, List.of(answer, "a"), List.of(1.0, 0.0)),
                (parts, context) -> Rankings.of(parts, TEMPLATE, QuestionsSourceTest.LENGTHS, context, ""));
    }
}
