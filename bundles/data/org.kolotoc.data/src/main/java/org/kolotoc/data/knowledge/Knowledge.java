package org.kolotoc.data.knowledge;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.Choice;

/** What is told of some subjects, in equal shares, a paragraph a line, and what is asked for. */
public final class Knowledge {
    /** The kind of the lecture's own sentences, which are asked for first. */
    public static final String LECTURE = "lecture";

    /** Kinds of which a text can tell, in the order of the lecture. */
    public static final List<String> KINDS =
            List.of(Facts.KIND, Syntax.KIND, Topics.KIND, NumberRows.KIND, Sentiment.KIND, Anaphora.KIND);

    private final long seed;
    private final Map<String, Subject> subjects = new LinkedHashMap<>();

    /**
     * The subjects of a seed.
     *
     * @param kinds all where none is given
     * @param ledger hears of edits that change nothing
     * @throws InputError naming the field, when a kind is unknown or there twice, or an edit is about what is not there
     */
    public Knowledge(long seed, List<String> kinds, List<KnowledgeEdit> edits, Ledger ledger) {
        this.seed = seed;
        List<String> wanted = kinds.isEmpty() ? KINDS : kinds;
        for (int i = 0; i < wanted.size(); i++) {
            Subject subject = switch (wanted.get(i)) {
                case Facts.KIND -> new Facts(seed, edits, ledger);
                case Syntax.KIND -> new Syntax();
                case Topics.KIND -> new Topics();
                case NumberRows.KIND -> new NumberRows();
                case Sentiment.KIND -> new Sentiment();
                case Anaphora.KIND -> new Anaphora();
                default ->
                    throw InputError.field(
                            "kinds[" + i + "]", "'" + wanted.get(i) + "' is unknown; expected one of " + KINDS);
            };
            if (subjects.put(wanted.get(i), subject) != null) {
                throw InputError.field("kinds[" + i + "]", "'" + wanted.get(i) + "' is there twice");
            }
        }
        if (!edits.isEmpty() && !subjects.containsKey(Facts.KIND)) {
            throw InputError.field("facts", "the text tells no facts: its kinds are " + wanted);
        }
    }

    /**
     * Writes a text of exactly so many characters; the last paragraph may be cut.
     *
     * @param reached hears after each paragraph how many were written
     */
    public void tell(int characters, Appendable out, LongConsumer reached) throws IOException {
        Draws draws = new Draws(seed, "knowledge/text");
        List<Subject> all = List.copyOf(subjects.values());
        for (int told = 0; told < characters; ) {
            String paragraph = draws.pick(all).told(draws) + "\n";
            int count = Math.min(paragraph.length(), characters - told);
            out.append(paragraph, 0, count);
            told += count;
            reached.accept(told);
        }
    }

    /** The lecture's sentences, then all that is held out, kind after kind. */
    public List<Choice> choices() {
        return Stream.concat(
                        subjects.values().stream().map(Subject::slide),
                        subjects.values().stream().flatMap(subject -> subject.heldOut().stream()))
                .toList();
    }
}
