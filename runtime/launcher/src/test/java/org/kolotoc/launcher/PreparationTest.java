package org.kolotoc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which backend a command line asks for, before anything of its command is known. */
final class PreparationTest {
    @TempDir
    Path folder;

    private Optional<String> backend(String line) {
        return Preparation.backend(List.of(line.replace("@", folder + "/").split(" ")));
    }

    private void write(String name, String json) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
    }

    @ParameterizedTest
    @CsvSource({
        "devices, tornado",
        "run @none.json, auto",
        "run @ptx.json, tornado:ptx",
        "run @ptx.json --backend cpu, cpu",
        "run @ptx.json --backend=cpu, cpu",
        "run --backend=tornado:cuda @ptx.json, tornado:cuda",
        "run @ptx.json --set backend=cpu, cpu",
        "run @ptx.json --set=backend=cpu, cpu",
        "'run @ptx.json --set backend=\"cpu\"', cpu",
        "run --set backend=cpu @ptx.json --backend tornado, tornado",
        "run --set model.backend=cpu @ptx.json, tornado:ptx",
        "run --resume @old, cpu",
        "run @ptx.json --out @old, tornado:ptx",
        "run --out @old @ptx.json, tornado:ptx",
        "sample @old --prompt x, cpu",
        "profile @nested.json, auto",
        "run @broken.json, auto",
        "run @absent.json --backend tornado:opencl:1, tornado:opencl:1",
        "list, ",
        "schema run, ",
        "run @absent.json, ",
        "bench step --backend tornado, tornado",
    })
    void itIsTheOptionsElseTheExperimentsElseAuto(String line, String wanted) throws IOException {
        write("none.json", "{}");
        write("ptx.json", "{\"backend\" : \"tornado:ptx\"}");
        write("nested.json", "{\"model\": {\"backend\": \"cpu\"}, \"note\": \"\\\"backend\\\": \\\"cpu\\\"\"}");
        write("broken.json", "{\"backend\": \"tornado\"");
        write("old/experiment.json", "{\"backend\": \"cpu\"}");
        assertEquals(Optional.ofNullable(wanted), backend(line));
    }

    @Test
    void whatIsNoPathIsNoExperiment() {
        assertEquals(Optional.empty(), Preparation.backend(List.of("run", "a\0b", "")));
    }
}
