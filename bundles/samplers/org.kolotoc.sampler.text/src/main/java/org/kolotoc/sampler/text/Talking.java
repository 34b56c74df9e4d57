package org.kolotoc.sampler.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.chat.Answering;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.CounterRandom;

/** Answers one question at a time; what was said before is read anew for each. */
final class Talking implements Answering {
    private static final String SESSION = "session";

    private final ChatSettings settings;
    private final ProgramContext context;
    private final Spoken spoken;
    private final Stops stops;
    private final LanguageSession session;

    Talking(ChatSettings settings, ProgramContext context, Spoken spoken) {
        this.settings = settings;
        this.context = context;
        this.spoken = spoken;
        this.stops = Stops.of(settings.stop(), context.tokenizer());
        // How many rows a decoder needs does not depend on what it is given to go on from.
        int rows = settings.decoder().rows(List.of(prompt(new int[1], "")));
        this.session = LanguageSession.of(context, TextSampler.MODEL, SESSION, rows);
    }

    private Decoder.Prompt prompt(int[] tokens, String stream) {
        return new Decoder.Prompt(tokens, new CounterRandom(context.seed(), stream));
    }

    @Override
    public List<String> starters() {
        return settings.questions();
    }

    @Override
    public Answer answer(List<Exchange> before, String question, String stream, Consumer<String> told) {
        return answer(before, question, stream, told, true, (_, _) -> told.accept(""));
    }

    /** @param listens whether anybody is told token by token */
    private Answer answer(
            List<Exchange> before,
            String question,
            String stream,
            Consumer<String> told,
            boolean listens,
            Reached reached) {
        Unfolding unfolding = new Unfolding(context.tokenizer(), stops, told);
        Spoken.Prompt prompt = spoken.prompt(before, question);
        // A beam changes its mind: only what one row alone reads is sure.
        boolean hears = session.rows() == 1 && (listens || !stops.strings().isEmpty());
        LanguageSession listening = new ToldSession(
                session, settings.length(), reached, prompt.tokens().length, hears ? unfolding::add : _ -> {});
        int[] said = settings.decoder()
                .decode(
                        listening,
                        List.of(prompt(prompt.tokens(), stream)),
                        settings.length(),
                        token -> isEnd(token) || unfolding.isOver())[0];
        boolean ended = said.length > 0 && isEnd(said[said.length - 1]);
        String text = unfolding.end(ended ? Arrays.copyOf(said, said.length - 1) : said);
        return new Answer(text, prompt.forgotten(), prompt.cut(), ended || unfolding.isOver());
    }

    private boolean isEnd(int token) {
        return spoken.isEnd(token) || stops.isEnd(token);
    }

    @Override
    public List<Sample> draw(int count, String stream, Reached told) {
        requireQuestions();
        List<Sample> samples = new ArrayList<>();
        long all = (long) count * settings.length();
        for (int i = 0; i < count; i++) {
            long before = (long) i * settings.length();
            String question = settings.questions().get(i % settings.questions().size());
            Answer answer = answer(
                    List.of(),
                    question,
                    stream + "/" + i,
                    _ -> {},
                    false,
                    (done, _) -> told.reached(before + done, all));
            samples.add(Sample.text(spoken.written(question) + answer.text()));
        }
        return samples;
    }

    private void requireQuestions() {
        if (settings.questions().isEmpty()) {
            throw InputError.field(
                    "questions", "none is named, and the tokenizer can write none of the usual ones; expected some");
        }
    }

    @Override
    public long bytes(int count) {
        // Who is talked to needs none.
        if (count > 0) {
            requireQuestions();
        }
        return session.bytes();
    }

    @Override
    public void close() {
        session.close();
    }
}
