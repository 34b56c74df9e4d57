package org.kolotoc.eval.arena;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Transcript;
import org.kolotoc.eval.arena.rating.Battle;
import org.kolotoc.eval.arena.rating.Outcome;
import org.kolotoc.tensor.CounterRandom;

/**
 * Battles over questions, each a round in which everybody who answered fights everybody else. Who stands on the left is drawn;
 * the judge sees no names.
 *
 * @param questions how many there are
 */
record Rounds(int questions, List<Vote> votes) {
    /**
     * A battle and what it was about.
     *
     * @param round number of the question
     */
    record Vote(int round, String question, String leftAnswer, String rightAnswer, Battle battle) {
        /** A line of a file of votes. */
        String json() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("left", battle.left());
            fields.put("right", battle.right());
            fields.put("winner", battle.outcome().name().toLowerCase(Locale.ROOT));
            fields.put("length_left", leftAnswer.length());
            fields.put("length_right", rightAnswer.length());
            fields.put("question", question);
            fields.put("answer_left", leftAnswer);
            fields.put("answer_right", rightAnswer);
            return ArenaJson.of(fields);
        }
    }

    /** @throws InputError when a sample is no transcript, or somebody did not answer in it */
    static Rounds of(ArenaSettings settings, List<Sample> samples, Reached told) {
        CounterRandom sides = new CounterRandom(settings.seed(), "arena/sides");
        List<Vote> votes = new ArrayList<>();
        for (int round = 0; round < samples.size(); round++) {
            told.reached(round + 1, samples.size());
            Transcript transcript = transcript(samples.get(round), settings.entrants());
            for (int i = 0; i < settings.entrants().size(); i++) {
                for (int j = i + 1; j < settings.entrants().size(); j++) {
                    boolean turned = sides.uniform(votes.size()) < 0.5;
                    votes.add(vote(
                            settings,
                            round,
                            transcript,
                            settings.entrants().get(turned ? j : i),
                            settings.entrants().get(turned ? i : j)));
                }
            }
        }
        return new Rounds(samples.size(), List.copyOf(votes));
    }

    private static Transcript transcript(Sample sample, List<String> entrants) {
        Transcript transcript = Transcript.of(sample)
                .orElseThrow(() -> InputError.of(
                        "a sample is no transcript of several models", "judge samples of {\"id\": \"transcripts\"}"));
        for (String entrant : entrants) {
            if (!transcript.answers().containsKey(entrant)) {
                throw InputError.field(
                        "entrants",
                        "'" + entrant + "' does not answer in the transcripts; there are "
                                + transcript.answers().keySet());
            }
        }
        return transcript;
    }

    private static Vote vote(ArenaSettings settings, int round, Transcript transcript, String left, String right) {
        String question = transcript.question();
        String one = transcript.answers().get(left);
        String other = transcript.answers().get(right);
        double difference = settings.judge().quality(new Exchange(question, one))
                - settings.judge().quality(new Exchange(question, other));
        Outcome outcome = difference > 0 ? Outcome.LEFT : difference < 0 ? Outcome.RIGHT : Outcome.TIE;
        return new Vote(round, question, one, other, new Battle(left, right, outcome));
    }

    /** What somebody has of the battles with another one, a point each. */
    double points(String entrant, String other) {
        double points = 0;
        for (Vote vote : votes) {
            Battle battle =
                    vote.battle().right().equals(entrant) ? vote.battle().reversed() : vote.battle();
            if (battle.left().equals(entrant) && battle.right().equals(other)) {
                points += battle.outcome().points();
            }
        }
        return points;
    }

    /**
     * How often each battle counts in a resample: questions are drawn with replacement, each with all battles over it, since those
     * share answers.
     */
    IntFunction<int[]> again(long seed) {
        CounterRandom random = new CounterRandom(seed, "arena/rounds");
        return sample -> {
            int[] drawn = new int[questions];
            for (int draw = 0; draw < questions; draw++) {
                drawn[random.integer((long) sample * questions + draw, questions)]++;
            }
            return votes.stream().mapToInt(vote -> drawn[vote.round()]).toArray();
        };
    }

    /** A file of all votes. */
    Sample file() {
        StringBuilder lines = new StringBuilder();
        votes.forEach(vote -> lines.append(vote.json()).append('\n'));
        return new Sample("application/jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
