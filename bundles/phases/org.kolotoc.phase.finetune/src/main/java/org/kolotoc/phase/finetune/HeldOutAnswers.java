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
    private final Decoder decoder;
    private final int atOnce;
    private final int most;
    private final Judge judge;

    private HeldOutAnswers(ChatDataset data, List<Exchange> asked, FinetuneSettings settings, PhaseContext context) {
        this.data = data;
        this.asked = asked;
        this.atOnce = Math.min(settings.answersAtOnce(), asked.size());
        this.most = settings.answerTokens() > 0 ? settings.answerTokens() : longestAnswer(data);
        this.judge = settings.judge();
        this.decoder = settings.decoder() == null ? GREEDY : settings.decoder();
        int rows = decoder.rows(prompts(asked.subList(0, atOnce), 0));
        this.session = LanguageSession.of(context, Finetune.MODEL, "answers", rows);
        decoder.tell(session.vocab(), context.ledger().below("decoder"));
    }

    private static int longestAnswer(ChatDataset data) {
        return data.exchanges("validation").stream()
                .mapToInt(each -> data.tokens().answer(each.answer()).length)
                .max()
                .orElseThrow();
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
        return Optional.of(new HeldOutAnswers(data, asked, settings, context));
    }

    long batches() {
        return Math.ceilDiv(asked.size(), atOnce);
    }

    /** @param before how much of an evaluation was done before this */
    void measure(Measurements out, long before) {
        double right = 0;
        double ended = 0;
        double quality = 0;
        double format = 0;
        for (int first = 0; first < asked.size(); first += atOnce) {
            List<Exchange> beside = asked.subList(first, Math.min(asked.size(), first + atOnce));
            int stop = data.tokens().stop();
            int[][] written = decoder.decode(session, prompts(beside, first), most, token -> token == stop);
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
            out.reached(before + first / atOnce + 1, before + batches());
        }
        out.put("accuracy/validation", right / asked.size());
        out.put("ended/validation", ended / asked.size());
        if (judge != null) {
            out.put("quality/validation", quality / asked.size());
            out.put("format/validation", format / asked.size());
        }
    }

    /** Each with draws of its own, which are the same in every evaluation. */
    private List<Decoder.Prompt> prompts(List<Exchange> beside, int first) {
        List<Decoder.Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < beside.size(); i++) {
            CounterRandom random = new CounterRandom(0, "answers/" + (first + i));
            prompts.add(new Decoder.Prompt(data.prompt(beside.get(i).question()), random));
        }
        return prompts;
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
