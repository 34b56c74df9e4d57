package org.kolotoc.sampler.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.chat.Answering;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens.Cut;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.SamplerConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.reference.ReferenceBackend;

final class ChatSamplerTest extends SamplerConformance<ChatSettings> {
    private static final ChatTemplate MARKS = new ChatTemplate("th", "e ", ".", "");
    private static final ChatTemplate PLAIN = new ChatTemplate("", "", "", "");

    private final List<int[]> asked = new ArrayList<>();

    @Override
    protected Sampler<ChatSettings> sampler() {
        return new ChatSampler();
    }

    private static ChatSettings settings(ChatTemplate template, Cut cut, int length, Decoder decoder, String... stop) {
        return new ChatSettings(List.of("cat", "mat"), template, cut, length, List.of(stop), decoder);
    }

    @Override
    protected ChatSettings settings() {
        return settings(MARKS, Cut.LEFT, 12, TextSamplerTest.DRAWING);
    }

    /** Says one thing, token by token, and notes what it was asked. */
    private Decoder saying(String text) {
        int[] tokens = Toys.text().tokenizer().encode(text);
        Decoder decoder = Decoder.of((_, _, index) -> tokens[index % tokens.length]);
        return (session, prompts, count, ends) -> {
            asked.add(prompts.getFirst().tokens());
            return decoder.decode(session, prompts, count, ends);
        };
    }

    private Answering.Answer answer(ChatSettings settings, int context, List<Exchange> before, String question) {
        return answer(settings, context, before, question, new ArrayList<>());
    }

    private Answering.Answer answer(
            ChatSettings settings, int context, List<Exchange> before, String question, List<String> told) {
        Map<String, Model> models =
                Map.of("model", Toys.bigram(data().dimensions().get("vocab"), context));
        try (Bench bench = new Bench(new ReferenceBackend(), models, data(), 1);
                Answering answering = new ChatSampler().prepare(settings, bench)) {
            return answering.answer(before, question, "chat/0", told::add);
        }
    }

    private String seen() {
        return Toys.text().tokenizer().decode(asked.getLast());
    }

    @Test
    void anAnswerComesTokenByTokenAndEndsAtTheStopToken() {
        List<String> told = new ArrayList<>();
        Answering.Answer answer = answer(settings(MARKS, Cut.LEFT, 12, saying("oat.")), 64, List.of(), "cat", told);
        assertEquals(new Answering.Answer("oat", 0, 0, true), answer);
        assertEquals(
                List.of("o", "a", "t"),
                told.stream().filter(part -> !part.isEmpty()).toList());
        assertEquals("thcate ", seen(), "as the template has it");
    }

    @Test
    void oneThatDoesNotEndIsAsLongAsItMayBe() {
        assertEquals(
                new Answering.Answer("oatoa", 0, 0, false),
                answer(settings(MARKS, Cut.LEFT, 5, saying("oat")), 64, List.of(), "cat"));
    }

    /** What might be the beginning of a stop string is shown when it is not; the string never. */
    @Test
    void nothingIsShownThatIsTakenBack() {
        List<String> told = new ArrayList<>();
        Answering.Answer answer =
                answer(settings(MARKS, Cut.LEFT, 8, saying("no ot on"), "on"), 64, List.of(), "cat", told);
        assertEquals("no ot ", answer.text());
        assertEquals("no ot ", String.join("", told));
        assertFalse(told.contains("no"), "an o may begin on: " + told);
    }

    @Test
    void whatWasSaidBeforeIsReadAsFarAsThereIsRoom() {
        List<Exchange> before = List.of(new Exchange("hat", "oats"), new Exchange("sat", "on"));
        ChatSettings settings = settings(MARKS, Cut.LEFT, 4, saying("a."));
        assertEquals(0, answer(settings, 64, before, "cat").forgotten());
        assertEquals("thhate oats.thsate on.thcate ", seen());
        assertEquals(1, answer(settings, 21, before, "cat").forgotten());
        assertEquals("thsate on.thcate ", seen());
        assertEquals(2, answer(settings, 20, before, "cat").forgotten());
        assertEquals("thcate ", seen());
    }

    @Test
    void aLongQuestionIsCutOnTheSideThatIsSaid() {
        assertEquals(
                3,
                answer(settings(MARKS, Cut.LEFT, 4, saying("a.")), 12, List.of(), "cat hat")
                        .cut());
        assertEquals("th hate ", seen());
        assertEquals(
                3,
                answer(settings(MARKS, Cut.RIGHT, 4, saying("a.")), 12, List.of(), "cat hat")
                        .cut());
        assertEquals("thcat e ", seen());
    }

    @Test
    void withoutMarksItGoesOnFromWhatIsSaid() {
        ChatSettings settings = settings(PLAIN, Cut.LEFT, 3, saying("on."));
        Answering.Answer answer = answer(settings, 64, List.of(new Exchange("hat", "oats")), "cat");
        assertEquals(new Answering.Answer("on.", 0, 0, false), answer);
        assertEquals("cat", seen(), "alone");
        assertThrows(InputError.class, () -> answer(settings, 64, List.of(), ""));
    }

    @Test
    void aModelWithoutRoomForTheMarksIsRefused() {
        ChatSettings settings = settings(MARKS, Cut.LEFT, 4, saying("a."));
        InputError refused = assertThrows(InputError.class, () -> answer(settings, 8, List.of(), "cat"));
        assertEquals("template", refused.field());
        assertTrue(refused.getMessage().contains("its marks are 4 tokens"), refused.getMessage());
    }

    @Test
    void noQuestionIsRefused() {
        ChatSettings none = new ChatSettings(List.of(), MARKS, Cut.LEFT, 4, List.of(), TextSamplerTest.DRAWING);
        assertEquals(
                "questions",
                assertThrows(InputError.class, () -> answer(none, 64, List.of(), "cat"))
                        .field());
    }

    /** Bytes of one character are shown together. */
    @Test
    void partsOfACharacterAreHeldBack() {
        List<String> told = new ArrayList<>();
        Unfolding unfolding = new Unfolding(new Bytes(), new Stops(List.of(), Set.of()), told::add);
        int[] tokens = new Bytes().encode("ač!");
        for (int token : tokens) {
            unfolding.add(token);
        }
        assertEquals(List.of("a", "č", "!"), told);
        assertEquals("ač!", unfolding.end(tokens));
        assertEquals(3, told.size(), "nothing twice");
    }

    private List<String> noted(ChatSettings settings, int context, Consumer<Answering> use) {
        List<String> noted = new ArrayList<>();
        Map<String, Model> models =
                Map.of("model", Toys.bigram(data().dimensions().get("vocab"), context));
        try (Bench bench = new Bench(new ReferenceBackend(), models, data(), 1);
                Answering answering = new ChatSampler()
                        .prepare(
                                settings,
                                bench.withLedger((kind, field, _) -> noted.add(kind.label() + " " + field)))) {
            use.accept(answering);
        }
        return noted;
    }

    private static ChatSettings asking(List<String> questions) {
        return settings(MARKS, Cut.LEFT, 4, TextSamplerTest.DRAWING).asking(questions);
    }

    /** Who named no question is not told that these can't be written by a tokenizer without Czech letters. */
    @Test
    void usualQuestionsThatCanNotBeWrittenAreLeftOut() {
        assertEquals(Collections.nCopies(4, "skipped questions"), noted(asking(ChatSettings.USUAL), 64, answering -> {
            assertEquals(List.of(), answering.starters());
            assertEquals(
                    4,
                    answering.answer(List.of(), "cat", "chat/0", _ -> {}).text().length());
            assertEquals(
                    "questions",
                    assertThrows(InputError.class, () -> answering.bytes(1)).field());
            assertTrue(answering.bytes(0) > 0, "who is talked to needs no question");
        }));
    }

    @Test
    void aNamedQuestionThatCanNotBeWrittenIsRefusedBeforeItIsAsked() {
        ChatSettings settings = asking(List.of("cat", "Dog"));
        assertEquals(
                "questions[1]",
                assertThrows(InputError.class, () -> noted(settings, 64, _ -> {}))
                        .field());
    }

    @Test
    void aQuestionThatIsCutIsNoted() {
        assertEquals(
                List.of("truncated questions[1]"),
                noted(asking(List.of("cat", "the cat sat on the mat")), 16, _ -> {}));
    }

    /** Nothing is written behind a stop string, though no token of it alone ends an answer. */
    @Test
    void aStopStringOfSeveralTokensEndsAnAnswer() {
        int[] written = new int[1];
        Decoder counting = (session, prompts, count, ends) -> {
            int[][] said = saying("no ot on").decode(session, prompts, count, ends);
            written[0] = said[0].length;
            return said;
        };
        Answering.Answer answer = answer(settings(MARKS, Cut.LEFT, 40, counting, "on"), 64, List.of(), "cat");
        assertEquals(new Answering.Answer("no ot ", 0, 0, true), answer);
        assertTrue(written[0] <= 9, () -> written[0] + " tokens");
        noted(settings(MARKS, Cut.LEFT, 40, counting, "on"), 64, answering -> {
            assertTrue(answering
                    .draw(1, "sample/1", (_, _) -> {})
                    .getFirst()
                    .text()
                    .endsWith("e no ot "));
            assertTrue(written[0] <= 9, () -> written[0] + " tokens");
        });
    }
}
