package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.chat.Transcript;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.CounterRandom;

/** Has one model after the other answer the same questions. The random numbers of an answer are its own. */
final class Answers implements Sampling {
    private final TranscriptsSettings settings;
    private final ProgramContext context;
    private final Asking asked;

    Answers(TranscriptsSettings settings, ProgramContext context, Asking asked) {
        this.settings = settings;
        this.context = context;
        this.asked = asked;
    }

    @Override
    public List<Sample> draw(int count, String stream, Reached told) {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            questions.add(asked.questions().get(i % asked.questions().size()));
        }
        List<Map<String, String>> answers = new ArrayList<>();
        questions.forEach(_ -> answers.add(new LinkedHashMap<>()));
        long all = (long) count * settings.entrants().size() * settings.length();
        long before = 0;
        for (String entrant : settings.entrants()) {
            answer(entrant, questions, stream + "/" + entrant, answers, told(told, before, all));
            before += (long) count * settings.length();
        }
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(new Transcript(questions.get(i), answers.get(i)).sample());
        }
        return samples;
    }

    private static Reached told(Reached all, long before, long of) {
        return (done, _) -> all.reached(before + done, of);
    }

    private void answer(
            String entrant, List<String> questions, String stream, List<Map<String, String>> answers, Reached told) {
        int stop = asked.tokens().stop();
        List<List<Decoder.Prompt>> batches = batches(questions, stream);
        int rows = batches.stream().mapToInt(settings.decoder()::rows).max().orElseThrow();
        try (LanguageSession session =
                new ToldSession(session(entrant, rows), (long) questions.size() * settings.length(), told)) {
            int answered = 0;
            for (List<Decoder.Prompt> beside : batches) {
                for (int[] written :
                        settings.decoder().decode(session, beside, settings.length(), token -> token == stop)) {
                    answers.get(answered++).put(entrant, asked.tokens().said(written));
                }
            }
        }
    }

    private List<List<Decoder.Prompt>> batches(List<String> questions, String stream) {
        List<List<Decoder.Prompt>> batches = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            if (i % settings.batch() == 0) {
                batches.add(new ArrayList<>());
            }
            batches.getLast()
                    .add(new Decoder.Prompt(
                            asked.prompt().apply(questions.get(i)),
                            new CounterRandom(context.seed(), stream + "/" + i),
                            i / asked.questions().size()));
        }
        return batches;
    }

    private LanguageSession session(String entrant, int rows) {
        return LanguageSession.of(context, entrant, "answers of " + entrant, rows);
    }

    /** One session is open at a time. */
    @Override
    public long bytes(int count) {
        if (count < settings.questions().size()) {
            context.ledger()
                    .note(
                            Ledger.Kind.SKIPPED,
                            "questions",
                            "of " + asked.questions().size() + " questions the first " + count
                                    + " are asked, one a sample; give as large a \"count\"");
        }
        long most = 0;
        for (String entrant : settings.entrants()) {
            try (LanguageSession session = session(entrant, Math.min(count, settings.batch()))) {
                most = Math.max(most, session.bytes());
            }
        }
        return most;
    }

    /**
     * Each question with what was answered to the next; and everybody giving the same answer, the first one of the last entrant.
     */
    @Override
    public Map<String, List<Sample>> controls(List<Sample> samples) {
        List<Transcript> drawn = samples.stream()
                .map(sample -> Transcript.of(sample).orElseThrow())
                .toList();
        String same = drawn.getFirst().answers().get(settings.entrants().getLast());
        List<Sample> shuffled = new ArrayList<>();
        List<Sample> constant = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            String question = drawn.get(i).question();
            shuffled.add(
                    new Transcript(question, drawn.get((i + 1) % drawn.size()).answers()).sample());
            Map<String, String> alike = new LinkedHashMap<>();
            settings.entrants().forEach(entrant -> alike.put(entrant, same));
            constant.add(new Transcript(question, alike).sample());
        }
        return Map.of("shuffled", shuffled, "constant", constant);
    }

    @Override
    public void close() {}
}
