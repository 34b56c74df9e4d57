package org.kolotoc.engine.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.data.TemplateWorldSource;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.engine.data.DataPlaces;
import org.kolotoc.engine.device.Lent;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.prepare.Environment;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;
import org.kolotoc.text.CharTokenizers;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class ProfileTest {
    @TempDir
    Path folder;

    private static Profile.Kernel kernel(String name, String kind, double ms, long flops) {
        return new Profile.Kernel("train", kind, name, "[2] < 3", 1, 1, ms, ms * 900, flops, 8000);
    }

    private static final Profile.Phase PHASE = new Profile.Phase(
            "pretrain",
            10,
            10,
            List.of(
                    kernel("block0.mlp.mat_mul#1", "matmul", 2, 4_000_000),
                    kernel("block0.mlp.gelu#2", "fused", 1, 100),
                    kernel("block1.mlp.mat_mul#3", "matmul", 3, 4_000_000),
                    kernel("block1.mlp.gelu#4", "fused", 1, 100),
                    kernel("layer2norm.add#5", "fused", 1, 100)));

    private static final Profile PROFILE =
            new Profile(Profile.SCHEMA, "<name> & more", "cpu", "2 threads", List.of(PHASE));

    @Test
    void layersThatAreAlikeAreOneLine() {
        List<Profile.Kernel> grouped = PHASE.grouped();
        assertEquals(
                List.of("block*.mlp.mat_mul", "block*.mlp.gelu", "layer2norm.add"),
                grouped.stream().map(Profile.Kernel::name).toList());
        Profile.Kernel products = grouped.getFirst();
        assertEquals(2, products.launches());
        assertEquals(5, products.ms());
        assertEquals(8_000_000 / 5e-3 / 1e9, products.gflops(), 1e-9);
        assertEquals(16_000 / 5e-3 / 1e9, products.gbytes(), 1e-9);
        assertEquals(2, PHASE.outsideMs(), 1e-9);
    }

    @Test
    void barsAreAsWideAsTheTimeTheyStandFor() throws Exception {
        Document picture = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(FlamePicture.svg(PROFILE))));
        List<String> together = widths(picture, "mat_mul [2] < 3: 5.000 ms, 50.0 %, 2 launches, matmul");
        assertEquals(List.of("600.00"), together);
        assertEquals(List.of("360.00"), widths(picture, "mat_mul#3 [2] < 3: 3.000 ms, 30.0 %, matmul"));
        assertEquals(List.of("840.00"), widths(picture, "block*: 7.000 ms, 70.0 %, 4 launches"));
        assertEquals(List.of("240.00", "240.00"), widths(picture, "outside of kernels: 2.000 ms, 20.0 %"));
        assertEquals(List.of("1200.00", "1200.00"), widths(picture, "step: 10.000 ms, 100.0 %, 5 launches"));
    }

    /** Widths of the bars that say this where the pointer rests. */
    private static List<String> widths(Document picture, String title) {
        List<String> widths = new ArrayList<>();
        NodeList bars = picture.getElementsByTagName("g");
        for (int i = 0; i < bars.getLength(); i++) {
            Element bar = (Element) bars.item(i);
            if (bar.getElementsByTagName("title").item(0).getTextContent().equals(title)) {
                widths.add(((Element) bar.getElementsByTagName("rect").item(0)).getAttribute("width"));
            }
        }
        return widths;
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        assertTrue(Profile.in(folder).isEmpty());
        PROFILE.write(folder);
        assertEquals(Optional.of(PROFILE), Profile.in(folder));
        assertFalse(Files.exists(folder.resolve("report.html")), "no run, no report");
        Files.writeString(folder.resolve("profile.json"), "{\"schema\": \"something/1\"}");
        assertTrue(assertThrows(InputError.class, () -> Profile.in(folder))
                .getMessage()
                .contains("profile.json: $.schema is \"something/1\"; expected one of kolotoc.profile/1"));
        Files.writeString(folder.resolve("profile.json"), "{ no JSON");
        assertThrows(InputError.class, () -> Profile.in(folder));
    }

    /** The reference without its clock. */
    private record Clockless(Backend backend) implements Backend {
        @Override
        public String id() {
            return "clockless";
        }

        @Override
        public String device() {
            return backend.device();
        }

        @Override
        public Buffer allocate(DType dtype, Shape shape) {
            return backend.allocate(dtype, shape);
        }

        @Override
        public Executable compile(Program program) {
            Executable executable = backend.compile(program);
            return new Executable() {
                @Override
                public Step bind(Map<String, Buffer> buffers) {
                    return executable.bind(buffers)::run;
                }

                @Override
                public Explanation explain() {
                    return executable.explain();
                }

                @Override
                public void close() {
                    executable.close();
                }
            };
        }
    }

    @Test
    void aBackendWithoutTimesIsRefusedByName() throws IOException {
        try (Workbench bench = bench(new Clockless(new ReferenceBackend()))) {
            InputError error = assertThrows(
                    InputError.class, () -> new Profiler(bench, 1, OptionalLong.of(1), (_, _) -> {}).measure());
            assertEquals(
                    "the backend 'clockless' can't be profiled: this backend measures no times", error.getMessage());
            assertEquals("--backend cpu", error.next());
        }
    }

    @Test
    void aShortPhaseIsTakenAgain() throws IOException {
        List<Long> heard = new ArrayList<>();
        try (Workbench bench = bench(new ReferenceBackend())) {
            Profile profile = new Profiler(bench, 5, OptionalLong.of(2), (_, done) -> heard.add(done)).measure();
            assertEquals(5, profile.phases().getFirst().steps());
            assertEquals(List.of(0L, 0L, 1L, 2L, 3L, 4L, 5L), heard);
            assertTrue(profile.phases().getFirst().kernels().stream().allMatch(kernel -> kernel.runs() == 1));
        }
    }

    private Workbench bench(Backend backend) throws IOException {
        Path file = folder.resolve("tiny.json");
        Files.writeString(file, """
            {
              "schema": "kolotoc.experiment/1", "name": "tiny", "seed": 1,
              "data": {"id": "template-world", "characters": 2000}, "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 4},
              "phases": [{"id": "pretrain", "steps": 3, "batch": 1, "warmup": 1}]
            }
            """);
        TestFramework framework = new TestFramework()
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
                        new Client(() -> false, _ -> {}),
                        new RunLedger(false),
                        () -> () -> {},
                        (_, _) -> Optional.empty()),
                Optional.empty());
    }
}
