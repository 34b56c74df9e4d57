package org.kolotoc.engine.foreign;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignTokenizers;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.SettingsJson;
import org.kolotoc.engine.fill.Occupant;
import org.kolotoc.engine.fill.Seats;

/** Tokenizers that lie beside a checkpoint of another library. */
final class TokenizerFiles {
    private TokenizerFiles() {}

    /**
     * A tokenizer that was read.
     *
     * @param seat what an experiment says of it
     * @param files that it was read from
     */
    record Read(Tokenizer tokenizer, JsonObject seat, List<String> files) {}

    private record Found<S extends Record>(
            String id, Occupant occupant, TokenizerFamily<S> family, ForeignTokenizers.Files<S> files) {
        Read read(Path folder) {
            Tokenizer tokenizer =
                    occupant.give("read a tokenizer", () -> family.fit(files.settings(), Text.of(""), folder::resolve));
            JsonObject seat = new JsonObject();
            seat.addProperty("id", id);
            SettingsJson.of(files.settings()).asMap().forEach(seat::add);
            return new Read(tokenizer, seat, files.names());
        }
    }

    /**
     * Reads the one of a folder; nothing where no family finds its files there.
     *
     * @param vocab tokens of the model
     * @throws InputError when a file says what is not had, or has more tokens than the model
     */
    static Optional<Read> read(Path folder, int vocab, Seats seats) {
        List<Found<?>> found = new ArrayList<>();
        families(
                seats,
                (plugin, family, foreign) -> found(plugin, family, foreign).stream()
                        .filter(one ->
                                one.files().names().stream().allMatch(name -> Files.exists(folder.resolve(name))))
                        .forEach(found::add));
        Optional<Read> read = found.stream()
                .min(Comparator.comparing(one -> one.files().names().size()))
                .map(one -> one.read(folder));
        read.filter(one -> one.tokenizer().vocab() > vocab).ifPresent(one -> {
            throw InputError.of(
                    folder.resolve(one.files().getFirst()) + " has "
                            + one.tokenizer().vocab()
                            + " tokens, but the model knows " + vocab + " (" + ForeignFiles.CONFIG
                            + ": vocab_size): they don't belong together",
                    "get the tokenizer of this checkpoint, or take the file away to import the model without one");
        });
        return read;
    }

    /**
     * The files of a tokenizer.
     *
     * @param id of its family
     * @param state of the tokenizer
     * @return nothing where the family has no such files
     */
    static Optional<Map<String, byte[]>> write(String id, String state, Seats seats) {
        List<Map<String, byte[]>> written = new ArrayList<>();
        families(seats, (plugin, family, foreign) -> {
            if (plugin.id().equals(id)) {
                written.add(family.occupant().give("wrote its files", () -> foreign.write(state)));
            }
        });
        return written.stream().findFirst();
    }

    @FunctionalInterface
    private interface Visitor {
        void see(Seats.Installed plugin, Seats.Plugged<?> family, ForeignTokenizers<?> foreign);
    }

    private static void families(Seats seats, Visitor visitor) {
        for (Seats.Installed plugin : seats.installed()) {
            if (plugin.kind().equals(Seat.TOKENIZER)) {
                Seats.Plugged<?> family = seats.get(TokenizerFamily.class, plugin.id());
                if (family.plugin() instanceof ForeignTokenizers<?> foreign) {
                    visitor.see(plugin, family, foreign);
                }
            }
        }
    }

    /** Both are one plugin, so that they have the same settings. */
    @SuppressWarnings("unchecked")
    private static <S extends Record> Optional<Found<S>> found(
            Seats.Installed plugin, Seats.Plugged<?> family, ForeignTokenizers<S> foreign) {
        return family.occupant()
                .give("said what it reads", foreign::reads)
                .map(files -> new Found<>(plugin.id(), family.occupant(), (TokenizerFamily<S>) family.plugin(), files));
    }
}
