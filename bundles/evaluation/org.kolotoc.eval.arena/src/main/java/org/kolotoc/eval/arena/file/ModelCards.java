package org.kolotoc.eval.arena.file;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;

/**
 * Who made models, and on which terms they may be used, as far as a file says it.
 *
 * @param cards by the model's name
 */
public record ModelCards(Map<String, Card> cards) {
    private static final List<String> NAMES = List.of("name", "model");
    private static final List<String> ORGANIZATIONS = List.of("organization", "organisation", "org");
    private static final List<String> LICENSES = List.of("license", "licence");

    /** Of one model. */
    public record Card(Optional<String> organization, Optional<String> license) {
        static final Card EMPTY = new Card(Optional.empty(), Optional.empty());
    }

    /** Nothing is known of any. */
    public static ModelCards none() {
        return new ModelCards(Map.of());
    }

    /**
     * Reads a file with the column {@code name} or {@code model}, and {@code organization} or {@code license} as it has them.
     *
     * @throws InputError with line and column, when something is not as it must be
     */
    public static ModelCards read(String file) throws IOException {
        Records records = Records.read(file, "models");
        String name = records.first(NAMES)
                .orElseThrow(() -> InputError.of(
                        file + " has the columns " + String.join(", ", records.fields())
                                + "; expected name, and organization or license",
                        "name its columns so"));
        Map<String, Card> cards = new HashMap<>();
        for (Entry entry : records.entries()) {
            Entry.Value model = entry.require(name, "the name of a model");
            Card card = new Card(text(records, entry, ORGANIZATIONS), text(records, entry, LICENSES));
            Card before = cards.putIfAbsent(model.text(), card);
            if (before != null && !before.equals(card)) {
                throw model.place()
                        .fault("'" + model.text() + "' was there before, with other values; expected each model once");
            }
        }
        return new ModelCards(cards);
    }

    private static Optional<String> text(Records records, Entry entry, List<String> names) {
        return records.first(names)
                .filter(name ->
                        entry.get(name).filter(value -> !value.text().isBlank()).isPresent())
                .map(name -> entry.require(name, "a text").text());
    }

    public Card of(String model) {
        return cards.getOrDefault(model, Card.EMPTY);
    }
}
