package org.kolotoc.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Stopped;
import org.kolotoc.data.TemplateWorldSource;
import org.kolotoc.data.TextSettings;
import org.kolotoc.data.TextSource;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.engine.device.Lent;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.prepare.Environment;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;
import org.kolotoc.text.CharTokenizers;

/** What data leaves on disk and in memory while it is used, and that nothing of it stays. */
final class DataFilesTest {
    @TempDir
    Path folder;

    /** The data source of text with a folder for temporary files, whatever it may need it for. */
    private record Scratching(List<Path> seen, boolean failing) implements DataSource<TextSettings> {
        @Override
        public Class<TextSettings> settings() {
            return TextSettings.class;
        }

        @Override
        public Dataset open(TextSettings settings, DataContext context) {
            Dataset data = new TextSource().open(settings, context);
            try {
                seen.add(context.scratch());
                assertEquals(context.scratch(), context.scratch(), "one for a run");
                Files.writeString(
                        Files.createDirectory(context.scratch().resolve("below"))
                                .resolve("file"),
                        "content");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (failing) {
                throw InputError.of("it fails halfway", "");
            }
            return data;
        }
    }

    private Workbench bench(DataSource<?> source, String data, Backend backend, boolean stopped) throws IOException {
        Files.writeString(folder.resolve("text.txt"), "abc def.\n".repeat(2000));
        Path file = Files.writeString(folder.resolve("tiny.json"), """
            {
              "schema": "kolotoc.experiment/1", "name": "tiny", "seed": 1,
              "data": %s, "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 4},
              "phases": [{"id": "pretrain", "steps": 3, "batch": 1, "warmup": 1}]
            }
            """.formatted(data));
        TestFramework framework = new TestFramework()
                .seat(Seat.DATA, "text", source)
                .seat(Seat.DATA, "template-world", new TemplateWorldSource())
                .seat(Seat.TOKENIZER, "char", new CharTokenizers())
                .seat(Seat.MODEL, "gpt", new GptFamily())
                .seat(Seat.PHASE, "pretrain", new Pretrain());
        ExperimentFile experiment = ExperimentFile.read(file);
        return Workbench.of(
                experiment.experiment(),
                file.toString(),
                new Environment(
                        new Seats(framework.context()),
                        _ -> new Lent(backend, false),
                        new DataPlaces(Optional.empty(), folder, false, experiment.origin(), Optional.empty()),
                        new Client(() -> stopped, _ -> {}),
                        new RunLedger(false),
                        () -> () -> {},
                        (_, _) -> Optional.empty()),
                Optional.empty());
    }

    private static final String TEXT = "{\"id\": \"text\", \"path\": \"text.txt\"}";

    @Test
    void temporaryFilesAreForTheirOwnerAloneAndGoWithTheRun() throws IOException {
        List<Path> seen = new ArrayList<>();
        try (Workbench bench = bench(new Scratching(seen, false), TEXT, new ReferenceBackend(), false)) {
            assertTrue(Files.exists(seen.getFirst().resolve("below/file")));
            assertTrue(seen.getFirst().startsWith(System.getProperty("java.io.tmpdir")), seen::toString);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                assertEquals(
                        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(seen.getFirst())));
            }
            assertEquals(1, bench.dataFiles().size());
        }
        assertFalse(Files.exists(seen.getFirst()));
    }

    @Test
    void theyGoWhenThePreparationFailsToo() {
        List<Path> seen = new ArrayList<>();
        assertThrows(InputError.class, () -> bench(new Scratching(seen, true), TEXT, new ReferenceBackend(), false));
        assertFalse(Files.exists(seen.getFirst()));
    }

    @Test
    void whoStopsThePreparationIsHeard() {
        assertThrows(Stopped.class, () -> bench(new TextSource(), TEXT, new ReferenceBackend(), true));
    }

    /** A backend that counts the memory of this process. */
    private record Counting(Backend backend, long overhead) implements Backend {
        @Override
        public String id() {
            return "counting";
        }

        @Override
        public String device() {
            return "this process";
        }

        @Override
        public Memory memory() {
            return new Memory(0, overhead, 0);
        }

        @Override
        public Buffer allocate(DType dtype, Shape shape) {
            return backend.allocate(dtype, shape);
        }

        @Override
        public Executable compile(Program program) {
            return backend.compile(program);
        }
    }

    private static long share(MemoryPlan plan, String owner) {
        return plan.shares().stream()
                .filter(share -> share.owner().equals(owner))
                .mapToLong(MemoryPlan.Share::bytes)
                .sum();
    }

    @Test
    void thePlanNamesTheTextAsAShareAndCountsItOnce() throws IOException {
        String world = "{\"id\": \"template-world\", \"characters\": 3000000}";
        try (Workbench bench =
                bench(new TextSource(), world, new Counting(new ReferenceBackend(), 50_000_000), false)) {
            MemoryPlan plan = MemoryPlan.of(bench, Optional.empty());
            long data = share(plan, "data");
            assertTrue(data > 6_000_000 && data < 6_100_000, "a byte a character, a byte a token: " + data);
            assertEquals(50_000_000, data + share(plan, "code, heap and libraries"), "it is in there already");
            assertTrue(plan.table().contains("6.0 MB  data"), plan.table());
            assertFalse(plan.table().contains("on disk"), plan.table());
        }
    }

    /** Text of all files of a folder, each of which goes into the lock. */
    private record Gathering() implements DataSource<TextSettings> {
        @Override
        public Class<TextSettings> settings() {
            return TextSettings.class;
        }

        @Override
        public Dataset open(TextSettings settings, DataContext context) {
            List<String> files = context.files(settings.path());
            assertEquals(List.of("many/a/one.txt", "many/two.txt"), files);
            files.forEach(context::file);
            return new TextSource().open(new TextSettings(files.getLast(), settings.train()), context);
        }
    }

    @Test
    void aFolderIsItsFiles() throws IOException {
        Files.createDirectories(folder.resolve("many/a"));
        Files.writeString(folder.resolve("many/two.txt"), "abc def.\n".repeat(2000));
        Files.writeString(folder.resolve("many/a/one.txt"), "one");
        String data = "{\"id\": \"text\", \"path\": \"many\"}";
        try (Workbench bench = bench(new Gathering(), data, new ReferenceBackend(), false)) {
            assertEquals(
                    List.of("many/a/one.txt", "many/two.txt"),
                    bench.dataFiles().stream().map(DataFile::path).toList());
        }
        String nowhere = data.replace("many", "text.txt");
        InputError error =
                assertThrows(InputError.class, () -> bench(new Gathering(), nowhere, new ReferenceBackend(), false));
        assertTrue(error.getMessage().contains("the data folder text.txt is a file, " + folder), error::getMessage);
        error = assertThrows(InputError.class, () -> bench(new TextSource(), data, new ReferenceBackend(), false));
        assertTrue(error.getMessage().contains("the data file many is a folder, " + folder), error::getMessage);
        String absent = data.replace("many", "absent");
        error = assertThrows(InputError.class, () -> bench(new Gathering(), absent, new ReferenceBackend(), false));
        assertTrue(error.getMessage().contains("the data folder absent is at none"), error::getMessage);
    }
}
