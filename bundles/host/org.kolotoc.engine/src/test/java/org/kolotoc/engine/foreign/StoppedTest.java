package org.kolotoc.engine.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.ForeignTokenizers;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;
import org.kolotoc.text.CharSettings;
import org.kolotoc.text.CharTokenizers;

/** Plugins that take long over a checkpoint, wherever, ask nobody whether they should: whoever stops does not wait for them. */
class StoppedTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Where a plugin takes for ever. */
    enum Place {
        CONFIG,
        CREATE,
        TOKENIZER,
        WRITE
    }

    @TempDir
    Path temporary;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private Place slow;
    private Console console;
    private Path folder;

    @BeforeEach
    void checkpoint() throws IOException {
        console = new Console(temporary);
        console.framework().seat(Seat.MODEL, "slow", new Family());
        console.framework().seat(Seat.TOKENIZER, "slow", new Letters());
        folder = temporary.resolve("foreign");
        new ForeignGpt2(folder, 3).write();
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"gpt2\"", "\"slow\""));
        Files.writeString(folder.resolve("slow.txt"), "abc");
    }

    @AfterEach
    void goOn() {
        over.countDown();
    }

    private void at(Place place) {
        if (place == slow) {
            entered.countDown();
            // Whoever interrupts it: it computes.
            while (over.getCount() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    private Imported imported(Path out) throws IOException {
        return new Engine(console.framework().context())
                .importing(folder, Optional.of(out), () -> entered.getCount() == 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"CONFIG", "CREATE", "TOKENIZER"})
    void whoStopsAnImportDoesNotWaitAndNothingIsThere(Place place) throws IOException {
        slow = place;
        Path out = console.out("imported");
        assertTimeoutPreemptively(SOON, () -> assertThrows(Stopped.class, () -> imported(out)));
        assertFalse(Files.exists(out));
    }

    @Test
    void aFolderThatWasThereStaysEmpty() throws IOException {
        slow = Place.CREATE;
        Path out = Files.createDirectories(console.out("there"));
        assertTimeoutPreemptively(SOON, () -> assertThrows(Stopped.class, () -> imported(out)));
        assertEquals(List.of(), Listing.of(out));
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"CREATE", "WRITE"})
    void whoStopsAnExportDoesNotWaitAndNothingIsThere(Place place) throws IOException {
        Files.delete(folder.resolve("slow.txt"));
        Path run = imported(console.out("imported")).folder();
        slow = place;
        Path out = temporary.resolve("out");
        assertTimeoutPreemptively(
                SOON,
                () -> assertThrows(
                        Stopped.class,
                        () -> new Engine(console.framework().context())
                                .exporting(
                                        run,
                                        Options.none(),
                                        Optional.empty(),
                                        out,
                                        new Client(() -> entered.getCount() == 0, _ -> {}))));
        assertFalse(Files.exists(out));
    }

    /** GPT-2 as it is read by somebody slow. */
    private final class Family implements ModelFamily<GptSettings>, ForeignFamily<GptSettings> {
        private final GptFamily gpt = new GptFamily();

        @Override
        public Class<GptSettings> settings() {
            return GptSettings.class;
        }

        @Override
        public Model create(GptSettings settings, Dimensions data) {
            at(Place.CREATE);
            return gpt.create(settings, data);
        }

        @Override
        public List<String> architectures() {
            return List.of("slow");
        }

        @Override
        public ForeignModel<GptSettings> read(ForeignConfig config, Set<String> tensors) {
            at(Place.CONFIG);
            return gpt.read(config, tensors);
        }

        @Override
        public WrittenModel write(GptSettings settings, Dimensions data) {
            at(Place.WRITE);
            return gpt.write(settings, data);
        }
    }

    /** Three letters, in a file. */
    private final class Letters implements TokenizerFamily<CharSettings>, ForeignTokenizers<CharSettings> {
        private final CharTokenizers letters = new CharTokenizers();

        @Override
        public Class<CharSettings> settings() {
            return CharSettings.class;
        }

        @Override
        public Tokenizer fit(CharSettings settings, Text trainingText) {
            at(Place.TOKENIZER);
            return letters.fit(settings, Text.of("abc"));
        }

        @Override
        public Tokenizer restore(String state) {
            return letters.restore(state);
        }

        @Override
        public Optional<Files<CharSettings>> reads() {
            return Optional.of(new Files<>(List.of("slow.txt"), new CharSettings(List.of())));
        }

        @Override
        public Map<String, byte[]> write(String state) {
            return Map.of();
        }
    }
}
