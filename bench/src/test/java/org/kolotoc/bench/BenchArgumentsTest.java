package org.kolotoc.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchArgumentsTest {
    private static BenchArguments read(String line) throws BenchArguments.Wrong {
        return BenchArguments.of(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }

    private static List<String> tasks(BenchArguments arguments) {
        return arguments.tasks().stream().map(Task::name).toList();
    }

    @Test
    void withoutAWordEverythingThatIsWantedIsCompared() throws BenchArguments.Wrong {
        BenchArguments all = read("");
        assertEquals(BenchArguments.What.COMPARE, all.what());
        assertEquals(
                List.of(
                        "step-A",
                        "step-B",
                        "step-C",
                        "step-R",
                        "step-B-bf16",
                        "step-DCGAN",
                        "step-UNet",
                        "finetune-B",
                        "reward-B",
                        "rlhf-B",
                        "finetune-B-step",
                        "reward-B-step",
                        "rlhf-update-B-step",
                        "generation-B",
                        "generation-A-16",
                        "generation-B-16",
                        "generation-C-16",
                        "generation-UNet"),
                tasks(all));
        assertEquals(List.of(1, 2), all.threads());
        assertTrue(all.steps() >= 30);
        assertFalse(all.json());
        assertEquals(tasks(all), tasks(read("--json")));
    }

    @Test
    void aWordAndConfigurationsLeaveLess() throws BenchArguments.Wrong {
        assertTrue(tasks(read("step")).stream().allMatch(name -> name.startsWith("step-")));
        assertEquals(
                List.of("generation-B", "generation-A-16", "generation-B-16", "generation-C-16", "generation-UNet"),
                tasks(read("generation")));
        assertEquals(List.of("generation-B", "generation-B-16"), tasks(read("generation --config b")));
        assertEquals(6, tasks(read("phases")).size());
        assertTrue(tasks(read("phases")).stream().noneMatch(name -> name.startsWith("step-")));
        assertEquals(List.of("step-C", "step-A"), tasks(read("step --config c,A")));
        assertEquals(List.of("step-DCGAN", "step-UNet"), tasks(read("step --config dcgan,unet")));
        BenchArguments one = read("step --threads 2 --steps 3 --warm-up 0.5 --json");
        assertEquals(List.of(2), one.threads());
        assertEquals(3, one.steps());
        assertEquals(0.5, one.warmUpSeconds());
        assertTrue(one.json());
        assertTrue(read("kernels --only gelu").only().matcher("gelu-A").find());
        assertEquals("cpu", one.backend());
        BenchArguments device = read("step --backend tornado:ptx");
        assertEquals("tornado:ptx", device.backend());
        assertTrue(device.tasks().stream().allMatch(task -> task.wanted() == null && task.memory() == null));
        assertEquals(BenchArguments.What.CEILING, read("ceiling").what());
        assertEquals(BenchArguments.What.TOKENIZER, read("tokenizer --json").what());
    }

    @ParameterizedTest
    @CsvSource({
        "fast, bench can time",
        "step --config Z, --config 'Z'",
        "generation --config R, --config 'R'",
        "step --steps 0, --steps 0: expected",
        "step --steps many, --steps many: expected",
        "'step --threads 1,', --threads",
        "step --threads, --threads needs a value",
        "ceiling --steps 3, ceiling takes no --steps",
        "step --only gelu, step takes no --only",
        "kernels --only (, expected a regular expression",
        "step --backend gpu, --backend 'gpu': expected cpu",
        "kernels --backend tornado, kernels takes no --backend",
        "tokenizer --threads 2, tokenizer takes no --threads",
        "step --fast, knows no '--fast'",
    })
    void whatIsWrongIsNamed(String line, String message) {
        BenchArguments.Wrong wrong = assertThrows(BenchArguments.Wrong.class, () -> read(line));
        assertTrue(wrong.getMessage().contains(message), wrong.getMessage());
    }
}
