package org.kolotoc.data.chat;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.JudgeFamily;
import org.kolotoc.data.world.Interview;
import org.kolotoc.tck.JudgeConformance;

class WorldJudgeTest extends JudgeConformance<WorldChoice> {
    private static final Interview INTERVIEW = QuestionsSourceTest.WORLD.interview(Ledger.NONE);
    private static final Interview.Asked ASKED = INTERVIEW.asked(false).getFirst();

    @Override
    protected JudgeFamily<WorldChoice> family() {
        return new WorldJudge();
    }

    @Override
    protected WorldChoice settings() {
        return QuestionsSourceTest.WORLD;
    }

    @Override
    protected List<Exchange> ranked() {
        return Stream.of(Interview.Grade.values())
                .map(grade -> new Exchange(ASKED.question(), INTERVIEW.answer(ASKED, grade, 1)))
                .toList();
    }

    @Override
    protected List<Exchange> formless() {
        return List.of(
                new Exchange(ASKED.question(), "I do not know."),
                new Exchange("Why?", INTERVIEW.answer(ASKED, Interview.Grade.RIGHT, 1)));
    }
}
