package org.kolotoc.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.LanguageSession;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of beam search: of all continuations of the likeliest texts the likeliest are kept, and the best whole text is
 * written. The words that it searches are the last {@code width} columns of a breadth-first tree (Graves, arXiv:1211.3711);
 * texts of different lengths are compared by their mean log-probability (Wu et al., arXiv:1609.08144, with the length itself).
 */
@Component
@Seat(kind = Seat.DECODER, id = "beam", summary = "searches the likeliest text, several beside each other")
public final class BeamDecoder implements DecoderFamily<BeamSettings> {
    @Override
    public Class<BeamSettings> settings() {
        return BeamSettings.class;
    }

    @Override
    public Decoder create(BeamSettings settings) {
        return new Beams(settings);
    }

    /** Searches for all prompts side by side; equal ones share a search, and take its texts by rank. */
    private record Beams(BeamSettings settings) implements Decoder {
        @Override
        public int rows(List<Prompt> prompts) {
            prompts.stream()
                    .filter(prompt -> prompt.rank() >= settings.width())
                    .findFirst()
                    .ifPresent(prompt -> {
                        throw InputError.field(
                                "width",
                                "is " + settings.width() + ", and " + (prompt.rank() + 1)
                                        + " texts from one prompt are wanted; expected as many at least");
                    });
            return settings.width()
                    * (int) prompts.stream().map(Beams::key).distinct().count();
        }

        private static List<Integer> key(Prompt prompt) {
            return Arrays.stream(prompt.tokens()).boxed().toList();
        }

        @Override
        public int[][] decode(LanguageSession session, List<Prompt> prompts, int count, IntPredicate ends) {
            if (prompts.stream().anyMatch(prompt -> prompt.tokens().length == 0)) {
                throw InputError.of(
                        "the prompt is empty; a model needs something to continue",
                        "give at least one character: --prompt \"A\", or \"prompt\" of the samples");
            }
            Map<List<Integer>, BeamSearch> searches = new LinkedHashMap<>();
            for (Prompt prompt : prompts) {
                searches.computeIfAbsent(
                        key(prompt),
                        _ -> new BeamSearch(
                                searches.size() * settings.width(),
                                settings.width(),
                                settings.lengthPenalty(),
                                count,
                                ends));
            }
            if (count > 0) {
                search(session, searches);
            }
            return prompts.stream()
                    .map(prompt -> searches.get(key(prompt)).text(prompt.rank()))
                    .toArray(int[][]::new);
        }

        private void search(LanguageSession session, Map<List<Integer>, BeamSearch> searches) {
            int[][] read = new int[session.rows()][0];
            int[] from = IntStream.range(0, session.rows()).toArray();
            searches.forEach((prompt, search) -> {
                read[search.row()] = prompt.stream().mapToInt(Integer::intValue).toArray();
                Arrays.fill(from, search.row(), search.row() + settings.width(), search.row());
            });
            session.reset();
            float[][] logits = session.prefill(read);
            List<BeamSearch> open = new ArrayList<>(searches.values());
            while (true) {
                int[] tokens = new int[session.rows()];
                Arrays.fill(tokens, LanguageSession.NOTHING);
                Arrays.setAll(from, row -> row);
                float[][] seen = logits;
                open.removeIf(search -> !search.goesOn(seen, from, tokens));
                if (open.isEmpty()) {
                    return;
                }
                session.reorder(from);
                logits = session.step(tokens);
            }
        }
    }
}
