package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Forgetful.Keeps;

/** Before a long run it is shown that it can be resumed; a phase that keeps to itself what it needs is named. */
final class CertificateTest {
    private static final String FORGETFUL = Console.SMALL
            .replaceFirst("(?s)\"phases\": \\[.*?\\],", "\"phases\": [{\"id\": \"forgetful\", \"steps\": 12}],")
            .replaceFirst("(?s)\"samples\".*", "\"certify\": true}");

    /** Nanoseconds of a step, so that as many as there may be take more than an hour. */
    private static final long PAUSE = 500_000;

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void host() throws IOException {
        console = new Console(folder);
    }

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STATE")
    void whatAPhaseKeepsToItselfIsFound(Keeps keeps) throws IOException {
        console.framework().seat(Seat.PHASE, "forgetful", new Forgetful(keeps));
        console.write(FORGETFUL);
        Console.Answer answer = assertTimeout(Duration.ofSeconds(10), () -> console.small("run"));
        assertEquals(2, answer.code(), answer.out() + answer.err());
        String what = keeps == Keeps.MEAN ? "measure mean" : "tensor forgetful/value";
        assertTrue(
                answer.err()
                        .contains(
                                "the phase 'forgetful' can't be resumed: saved after its step 3 and prepared anew, the "
                                        + what + " of its step 4 is another than without a stop"),
                answer.err());
        assertFalse(Files.exists(console.out("run")), "nothing was begun");
    }

    @Test
    void aPhaseThatKeepsAllInTheStateIsProvedAndRuns() throws IOException {
        console.framework().seat(Seat.PHASE, "forgetful", new Forgetful(Keeps.STATE));
        console.write(FORGETFUL);
        Console.Answer answer = console.small("run");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(answer.out().contains("resume proved"), answer.out());
        JsonArray proof = json(console.out("run").resolve("lock.json")).getAsJsonArray("resumeProved");
        JsonObject phase = proof.get(0).getAsJsonObject();
        assertEquals("forgetful", phase.get("phase").getAsString());
        assertEquals(
                List.of(3, 6),
                List.of(
                        phase.get("stoppedAfter").getAsInt(),
                        phase.get("comparedUpTo").getAsInt()));
        assertEquals(IntStream.rangeClosed(1, 12).mapToObj(Long::valueOf).toList(), Console.steps(console.out("run")));
        assertTrue(Files.exists(console.out("run").resolve("checkpoints/step-00000012")));
    }

    /** The run itself is what it would be without: its weights are those of a run that nobody proved. */
    @Test
    void everyPhaseIsTriedAndTheRunIsTheSame() throws IOException {
        String two = Console.SMALL.replace(
                "\"phases\": [",
                "\"phases\": [{\"id\": \"pretrain\", \"steps\": 2, \"batch\": 2, \"evaluationBatches\": 1}, "
                        + "{\"id\": \"pretrain\", \"steps\": 1, \"batch\": 2, \"evaluationBatches\": 1}, ");
        console.write(two);
        assertEquals(0, console.small("plain", "--quiet").code());
        Console.Answer answer = console.small("proved", "--set", "certify=true", "--quiet");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(
                2,
                json(console.out("proved").resolve("lock.json"))
                        .getAsJsonArray("resumeProved")
                        .size(),
                "one step can't be halved");
        Path state = Path.of("checkpoints/step-00000015/state.safetensors");
        assertEquals(
                -1,
                Files.mismatch(
                        console.out("plain").resolve(state),
                        console.out("proved").resolve(state)));
    }

    /** The last phase begins with what the first one left after the steps that were tried. */
    @Test
    void aPhaseThatBeginsWithWeightsOfAnEndedOneIsTried() throws IOException {
        console.write(Console.SMALL.replace("\"phases\": [{", """
            "phases": [
              {"id": "pretrain", "name": "first", "steps": 9, "batch": 2, "evaluationBatches": 1},
              {"id": "pretrain", "name": "second", "steps": 3, "batch": 2, "evaluationBatches": 1},
              {"start": {"model": "model@first"},\
            """));
        Console.Answer answer = console.small("proved", "--set", "certify=true", "--quiet");
        assertEquals(0, answer.code(), answer.err());
        JsonArray proof = json(console.out("proved").resolve("lock.json")).getAsJsonArray("resumeProved");
        assertEquals(
                List.of("first", "second", "pretrain"),
                proof.asList().stream()
                        .map(phase -> phase.getAsJsonObject().get("phase").getAsString())
                        .toList());
    }

    /** The second phase alone forgets; the first one's steps are not waited for. */
    @Test
    void theForgetfulOneOfSeveralIsNamed() throws IOException {
        console.framework()
                .seat(Seat.PHASE, "fine", new Forgetful(Keeps.STATE))
                .seat(Seat.PHASE, "forgetful", new Forgetful(Keeps.RANDOM));
        console.write(FORGETFUL.replace("[{\"id\"", "[{\"id\": \"fine\", \"steps\": 100000000}, {\"id\""));
        Console.Answer answer = console.run(
                Console.before(200),
                console.experiment().toString(),
                "--out",
                console.out("run").toString());
        assertEquals(2, answer.code(), answer.err());
        assertTrue(
                answer.err().contains("the phase 'forgetful' can't be resumed: saved after its step 3"), answer.err());
    }

    private static String endless(String id) {
        return FORGETFUL
                .replace("{\"id\": \"forgetful\", \"steps\": 12}", "{\"id\": \"" + id + "\", \"steps\": 100000000}")
                .replace("\"certify\": true", "\"controls\": true");
    }

    @Test
    void aRunOfMoreThanAnHourIsProvedAfterItsFirstSteps() throws IOException {
        console.framework().seat(Seat.PHASE, "fine", new Forgetful(Keeps.STATE, PAUSE));
        console.write(endless("fine"));
        Console.Answer answer = console.run(
                Console.before(20),
                console.experiment().toString(),
                "--out",
                console.out("run").toString());
        assertEquals(130, answer.code(), answer.out() + answer.err());
        assertTrue(answer.out().contains("this run will take more than an hour"), answer.out());
        JsonObject lock = json(console.out("run").resolve("lock.json"));
        assertEquals(1, lock.getAsJsonArray("resumeProved").size());
        List<Long> steps = Console.steps(console.out("run"));
        assertEquals(
                IntStream.rangeClosed(1, steps.size()).mapToObj(Long::valueOf).toList(), steps);
        assertTrue(steps.size() > 6, "it went on: " + steps);
        String before = lock.get("resumeProved").toString();
        Console.Answer on =
                console.run(Console.before(20), "--resume", console.out("run").toString());
        assertFalse(on.out().contains("more than an hour"), "once is enough: " + on.out());
        assertEquals(
                before,
                json(console.out("run").resolve("lock.json"))
                        .get("resumeProved")
                        .toString());
    }

    /** Its folder is let go of in between, and with it whoever speaks to it; afterwards all is as before. */
    @Test
    void aLongRunIsSpokenToAfterTheProofToo() throws Exception {
        console.framework().seat(Seat.PHASE, "forgetful", new Forgetful(Keeps.STATE, PAUSE));
        console.write(endless("forgetful"));
        Engine engine = new Engine(console.framework().context());
        Options options = Console.options("--out", console.out("run").toString());
        CountDownLatch begun = new CountDownLatch(2);
        Run run = engine.start(
                engine.read(console.experiment(), options, Client.NOBODY), options, new Client(() -> false, event -> {
                    if (event instanceof Event.Began) {
                        begun.countDown();
                    }
                }));
        begun.await();
        Live live = engine.live(console.out("run"), _ -> {});
        long step = live.pause();
        assertEquals(step, live.save());
        assertEquals(step, run.save().get());
        live.stop();
        assertEquals(Run.State.STOPPED, run.result().state());
    }

    @Test
    void aLongRunThatCantBeResumedEndsAfterItsFirstSteps() throws IOException {
        console.framework().seat(Seat.PHASE, "forgetful", new Forgetful(Keeps.CURSOR, PAUSE));
        console.write(endless("forgetful"));
        // Were nobody to look, it would not end by itself.
        Console.Answer answer = console.run(
                Console.before(200),
                console.experiment().toString(),
                "--out",
                console.out("run").toString());
        assertEquals(2, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().contains("the phase 'forgetful' can't be resumed"), answer.err());
        JsonObject status = json(console.out("run").resolve("run.json"));
        assertEquals("failed", status.get("status").getAsString());
        assertTrue(status.get("reason").getAsString().startsWith("the phase 'forgetful' can't be resumed"));
        assertTrue(status.get("step").getAsInt() < 10, status.toString());
    }
}
