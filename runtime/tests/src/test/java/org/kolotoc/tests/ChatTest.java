package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that learned to answer is talked to over a pipe, goes out to another library's layout, and comes back. */
class ChatTest {
    private static final String EXPERIMENT = """
        {
          "schema": "kolotoc.experiment/1",
          "data": {"text": {"id": "template-world", "characters": 20000}, "chats": {"id": "questions", "count": 60}},
          "tokenizer": {"id": "bpe", "vocab": 300, "fit": "text"},
          "models": {"policy": {"id": "gpt", "layers": 1, "heads": 2, "width": 16, "context": 64},
                     "judge": {"id": "gpt", "layers": 1, "heads": 2, "width": 16, "context": 64, "head": "scalar"}},
          "phases": [
            {"id": "pretrain", "data": "text", "models": "policy", "steps": 30, "batch": 8, "learningRate": 0.01, "warmup": 3},
            {"id": "finetune", "data": "chats", "models": "policy", "steps": 30, "learningRate": 0.01, "questions": 2}
          ]
        }
        """;

    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        run = folder.resolve("run");
        Path file = Files.writeString(folder.resolve("talk.json"), EXPERIMENT);
        Launch.run("run", file, "--out", run, "--quiet").expect(0);
    }

    private static List<String> lines(Launch.Result result) {
        return result.out().lines().toList();
    }

    @Test
    void anAnswerIsALineAndPhasesAnswerDifferently() {
        String asked = "Where does Anna live?\n/base\n/again\n/sft\n/clear\nWhere does Anna live?\n";
        Launch.Result result = Launch.fed(asked, "chat", run, "--quiet").expect(0);
        List<String> answers = lines(result);
        assertEquals(3, answers.size(), result.out() + result.err());
        assertNotEquals(answers.get(0), answers.get(1), "the base model knows no answers");
        assertEquals(answers.get(0), answers.get(2), "the same weights, the same answer");
        assertEquals(
                result.out(),
                Launch.fed(asked, "chat", run, "--quiet", "--threads", "1").out());
    }

    /** Data says itself how questions are written where an experiment doesn't: this one has no letter of the usual form. */
    @Test
    void questionsAreWrittenAsTheDataWritesThem() throws IOException {
        Path file = Files.writeString(folder.resolve("copy.json"), """
            {
              "schema": "kolotoc.experiment/1",
              "data": {"id": "tasks", "task": "copy", "count": 200},
              "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 16, "context": 64},
              "phases": [{"id": "finetune", "steps": 20, "batch": 8, "questions": 2}]
            }
            """);
        Path copies = folder.resolve("copies");
        Launch.run("run", file, "--out", copies, "--quiet").expect(0);
        Launch.Result talk = Launch.fed("CAB\n", "chat", copies, "--quiet").expect(0);
        assertEquals(1, lines(talk).size(), talk.out() + talk.err());
    }

    /** Lines behind the one that begins it are the conversation's, until it ends. */
    @Test
    void theShellHandsItItsLines() {
        Launch.Result result = Launch.fed(
                        "chat " + run + " --quiet\nWhere does Anna live?\n/exit\nlist model\n", "shell")
                .expect(0);
        List<String> lines = lines(result);
        assertEquals(
                lines(Launch.fed("Where does Anna live?\n", "chat", run, "--quiet"))
                        .getFirst(),
                lines.getFirst());
        assertTrue(result.out().contains("seq2seq"), "the shell goes on: " + result.out() + result.err());
    }

    @Test
    void itGoesOutAndComesBack() throws IOException {
        Path out = folder.resolve("out");
        Path back = folder.resolve("back");
        Launch.Result exported =
                Launch.run("export", run, "--model", "policy", "--out", out).expect(0);
        assertTrue(exported.out().contains("tokenizer.json"), exported.out());
        Launch.Result imported = Launch.run("import", out, "--out", back).expect(0);
        assertTrue(imported.out().contains("its tokenizer is read by 'huggingface'"), imported.out());
        Path again = folder.resolve("again");
        Launch.run("export", back, "--out", again).expect(0);
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            assertEquals(-1, Files.mismatch(out.resolve(file), again.resolve(file)), file);
        }
        Object[] greedy = {"--prompt", "Anna lives", "--length", "20", "--temperature", "0", "--quiet"};
        assertEquals(
                with(greedy, "generate", run, "--model", "policy").out(),
                with(greedy, "generate", back).out());
        assertTrue(Launch.run("next", back, "Anna lives").expect(0).out().contains("probability"));
        Launch.Result talk =
                Launch.fed("Anna lives\n", "chat", back, "--length", "8").expect(0);
        talk.says("learned from no questions and answers");
        assertEquals(1, lines(talk).size(), talk.out());
        Path text = Files.writeString(folder.resolve("text.txt"), "Anna lives in Ashton. Boris likes honey.");
        assertEquals(
                Launch.run("perplexity", run, text, "--model", "policy", "--json", "--quiet")
                        .expect(0)
                        .out(),
                Launch.run("perplexity", back, text, "--json", "--quiet")
                        .expect(0)
                        .out());
    }

    private static Launch.Result with(Object[] options, Object... line) {
        Object[] all = Arrays.copyOf(line, line.length + options.length);
        System.arraycopy(options, 0, all, line.length, options.length);
        return Launch.run(all).expect(0);
    }

    @Test
    void whatCantGoOutIsNamed() {
        Path out = folder.resolve("judge");
        Launch.run("export", run, "--model", "judge", "--out", out)
                .expect(2)
                .says("\"head\" is scalar, which the layout of GPT-2 can't say; expected lm");
        assertFalse(Files.exists(out));
        Launch.run("export", run, "--out", out).expect(2).says("the run has several models: policy, judge");
    }
}
