package org.kolotoc.data.chat;

import java.util.HashSet;
import java.util.List;
import org.kolotoc.api.chat.Exchange;

/**
 * Answers to a question as somebody put them in order.
 *
 * @param answers the best first
 * @param qualities how good each really is, as far as that is known
 */
record Ranking(String question, List<String> answers, List<Double> qualities) {
    Ranking {
        answers = List.copyOf(answers);
        qualities = List.copyOf(qualities);
    }

    boolean hasEqualAnswers() {
        return new HashSet<>(answers).size() < answers.size();
    }

    Exchange best() {
        return new Exchange(question, answers.getFirst());
    }
}
