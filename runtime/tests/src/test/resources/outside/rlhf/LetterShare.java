package rlhf;

import org.kolotoc.api.*;
import org.osgi.service.component.annotations.Component;

/** Likes a letter. */
@Component
@Seat(kind = "reward", id = "letter-share", summary = "share of a letter in the answer")
public final class LetterShare implements RewardFamily<LetterShare.Taste> {
    public record Taste(@Settings.Help("one character") String letter) {}

    public Reward create(Taste taste) {
        if (taste.letter().length() != 1) {
            throw InputError.field("letter", "is \"" + taste.letter() + "\"; expected one character");
        }
        char letter = taste.letter().charAt(0);
        return (prompt, response) ->
                response.chars().filter(c -> c == letter).count() / (double) Math.max(1, response.length());
    }
}
