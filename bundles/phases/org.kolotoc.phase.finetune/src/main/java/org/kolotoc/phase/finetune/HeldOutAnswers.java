package org.kolotoc.phase.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.CounterRandom;

/** Lets the model answer held-out questions by itself, and compares. */
final class HeldOutAnswers implements AutoCloseable {
    private static final Decoder GREEDY = Decoder.of((logits, _, _) -> likeliest(logits));

    private final ChatDataset data;
    private final List<Exchange> asked;
    private final LanguageSession session;
    private final int most;
    private final Judge judge;

    private HeldOutAnswers(ChatDataset data, List<Exchange> asked, LanguageSession session, int most, Judge judge) {
        this.data = data;
        this.asked = asked;
        this.session = session;
        this.most = most;
        this.judge = judge;
    }

    static List<Measure> measures(FinetuneSettings settings) {
        List<Measure> measures = new ArrayList<>();
        if (settings.questions() > 0) {
            measures.add(Measure.evaluation("accuracy/validation", "", Better.HIGHER));
            measures.add(Measure.evaluation("ended/validation", "", Better.HIGHER));
            if (settings.judge() != null) {
                measures.add(Measure.evaluation("quality/validation", "", Better.HIGHER));
                measures.add(Measure.evaluation("format/validation", "", Better.HIGHER));
            }
        }
        return measures;
    }

    /** Nothing where none is to be written. */
    static Optional<HeldOutAnswers> of(FinetuneSettings settings, PhaseContext context) {
        if (settings.questions() == 0) {
            if (settings.judge() != null) {
                context.ledger()
                        .note(
                                Ledger.Kind.NO_EFFECT,
                                "judge",
                                "no question is answered that could be judged: questions is 0");
            }
            return Optional.empty();
        }
        if (!(context.data() instanceof ChatDataset data)) {
            throw InputError.field(
                    "questions",
                    settings.questions()
                            + " questions can't be answered: the data has none; expected 0, or data such as"
                            + " \"questions\"");
        }
        List<Exchange> all = data.exchanges("validation");
        if (settings.questions() > all.size()) {
            context.ledger()
                    .note(
                            Ledger.Kind.NO_EFFECT,
                            "questions",
                            settings.questions() + " are more than the " + all.size() + " there are: all are asked");
        }
        List<Exchange> asked = all.subList(0, Math.min(all.size(), settings.questions()));
        int rows = Math.min(settings.answersAtOnce(), asked.size());
        int most = settings.answerTokens() > 0
                ? settings.answerTokens()
                : all.stream()
                        .mapToInt(each -> data.tokens().answer(each.answer()).length)
                        .max()
                        .orElseThrow();
        LanguageSession session = LanguageSession.of(context, Finetune.MODEL, "answers", rows);
        return Optional.of(new HeldOutAnswers(data, asked, session, most, settings.judge()));
    }

    long batches() {
        return Math.ceilDiv(asked.size(), session.rows());
    }

    /** @param before how much of an evaluation was done before this */
    void measure(Measurements out, long before) {
        double right = 0;
        double ended = 0;
        double quality = 0;
        double format = 0;
        for (int first = 0; first < asked.size(); first += session.rows()) {
            List<Exchange> beside = asked.subList(first, Math.min(asked.size(), first + session.rows()));
            List<Decoder.Prompt> prompts = beside.stream()
                    .map(each -> new Decoder.Prompt(data.prompt(each.question()), new CounterRandom(0, "greedy")))
                    .toList();
            int stop = data.tokens().stop();
            int[][] written = GREEDY.decode(session, prompts, most, token -> token == stop);
            for (int i = 0; i < written.length; i++) {
                boolean stopped = written[i][written[i].length - 1] == stop;
                String said = data.tokens().said(written[i]);
                right += stopped && said.equals(beside.get(i).answer()) ? 1 : 0;
                ended += stopped ? 1 : 0;
                if (judge != null) {
                    double judged = judge.quality(new Exchange(beside.get(i).question(), said));
                    quality += judged;
                    format += stopped && judged > 0 ? 1 : 0;
                }
            }
            out.reached(before + first / session.rows() + 1, before + batches());
        }
        out.put("accuracy/validation", right / asked.size());
        out.put("ended/validation", ended / asked.size());
        if (judge != null) {
            out.put("quality/validation", quality / asked.size());
            out.put("format/validation", format / asked.size());
        }
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    @Override
    public void close() {
        session.close();
    }
}
