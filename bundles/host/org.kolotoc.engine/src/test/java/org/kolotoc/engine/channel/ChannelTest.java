package org.kolotoc.engine.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.folder.RunFolder;

/** The socket of a run, whatever comes in over it. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
final class ChannelTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** No test waits for one of these, but for the beat. */
    private static final Limits PATIENT = new Limits(4, 1, 20, LONG, LONG, Duration.ofMillis(50), LONG);

    private static final RunStatus STATUS = new RunStatus(
            "runs/a",
            "small",
            "running",
            "step 5 of 9",
            "pretrain",
            5,
            9,
            "",
            "",
            1.5,
            Map.of("loss", 2.5),
            7,
            "now",
            List.of(),
            List.of());

    @TempDir
    Path folder;

    private Path run;
    private final List<String> warned = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Long> saving = new CompletableFuture<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void runFolder() throws IOException {
        run = made(folder.resolve("run"));
    }

    private static Path made(Path path) throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("experiment.json"), "{}");
        Files.writeString(path.resolve("run.json"), "{\"status\": \"stopped\", \"step\": 4}");
        return path;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T kept(T one) {
        open.add(one);
        return one;
    }

    /** A run that knows its status, saves when the test says so, and draws a picture. */
    private final class Fake implements Served {
        @Override
        public CompletableFuture<?> answer(Request request) {
            return switch (request.name()) {
                case "status" -> CompletableFuture.completedFuture(STATUS);
                case "save" -> saving;
                case "evaluate" ->
                    CompletableFuture.completedFuture(
                            new Evaluation(5, "pretrain", Map.of("loss", Double.NaN, "rate", 0.1)));
                case "sample" ->
                    CompletableFuture.completedFuture(new Drawn(
                            5,
                            request.text("name").orElse("first"),
                            "",
                            List.of(Sample.text("ahoj\n"), new Sample("image/png", new byte[] {-1, 0, 1}))));
                case "go" -> throw new IllegalStateException("broken");
                default -> throw InputError.of("a run has no request '" + request.name() + "'", "status");
            };
        }

        @Override
        public String doing() {
            return "step 5 of 9";
        }
    }

    private Channel channel(Path of, Limits limits, String me) {
        Optional<Channel> channel = Channel.open(of, new Fake(), warned::add, limits, me);
        channel.ifPresent(this::kept);
        return channel.orElse(null);
    }

    private Channel channel() {
        return channel(run, PATIENT, Peer.me());
    }

    private SocketChannel client() throws IOException {
        SocketChannel client = kept(SocketChannel.open(StandardProtocolFamily.UNIX));
        client.connect(UnixDomainSocketAddress.of(SocketPlace.of(run)));
        return client;
    }

    /** Everything that is said to who sends this, until the end. */
    private String said(byte[] sent) throws IOException {
        try (SocketChannel client = client()) {
            ByteBuffer bytes = ByteBuffer.wrap(sent);
            try {
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
                client.shutdownOutput();
            } catch (IOException _) {
                // It was told before that this is enough.
            }
            return rest(client);
        }
    }

    private static String rest(SocketChannel client) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(1 << 16);
        try {
            while (client.read(answer) >= 0) {
                assertTrue(answer.hasRemaining(), "a short answer");
            }
        } catch (IOException e) {
            // A socket that is closed with something unread says so behind what it had to say.
            assertTrue(e.getMessage().contains("reset"), e.getMessage());
        }
        return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }

    private String said(String sent) throws IOException {
        return said(sent.getBytes(StandardCharsets.UTF_8));
    }

    private Live live() {
        return Live.of(run, Duration.ofSeconds(5), _ -> {});
    }

    private static void refused(Runnable what, String... parts) {
        InputError error = assertThrows(InputError.class, what::run);
        for (String part : parts) {
            assertTrue(
                    (error.getMessage() + "\n" + error.next()).contains(part),
                    () -> "«" + part + "» expected in: " + error.getMessage() + "\n" + error.next());
        }
    }

    @Test
    void whatTheRunAnswersArrives() throws IOException {
        channel();
        assertEquals(STATUS, live().status());
        Evaluation evaluation = live().evaluate();
        assertEquals(5, evaluation.step());
        assertEquals(Map.of("loss", Double.NaN, "rate", 0.1), evaluation.measures());
        Drawn drawn = live().sample(Optional.of("other"));
        assertEquals("other", drawn.name());
        assertEquals("ahoj\n", drawn.samples().getFirst().text());
        assertEquals("image/png", drawn.samples().getLast().mediaType());
        assertEquals(3, drawn.samples().getLast().content().length);
        assertEquals(-1, drawn.samples().getLast().content()[0]);
        assertTrue(said("{\"request\": \"status\"}\n").startsWith("{\"answer\":{\"folder\":\"runs/a\","));
    }

    @Test
    void rubbishIsAnsweredWithWhatIsWrongWithIt() throws IOException {
        channel();
        assertEquals("", said(""), "who says nothing hears nothing");
        Map<String, String> rubbish = Map.of(
                "\n",
                "the request is not understood",
                "GET / HTTP/1.1\n",
                "the request is not understood",
                "[1]\n",
                "$ is [1]; expected an object",
                "{\"request\": 5}\n",
                "$.request is 5; expected a text",
                "{\"request\": \"status\"",
                "a line has no end",
                "{\"request\": \"fly\"}\n",
                "a run has no request 'fly'",
                "{\"request\": \"follow\", \"loud\": true}\n",
                "the request 'follow' takes no 'loud'",
                "{\"request\": \"" + "a".repeat(Request.MOST) + "\"}\n",
                "a line has more than 65536 bytes",
                "{\"request\": \"go\"}\n",
                "this should not have happened: java.lang.IllegalStateException: broken");
        for (Map.Entry<String, String> one : rubbish.entrySet()) {
            String answer = said(one.getKey());
            assertTrue(answer.startsWith("{\"error\":\""), answer);
            assertTrue(answer.contains(one.getValue()), () -> one.getValue() + " expected in " + answer);
            assertEquals(1, answer.lines().count(), answer);
        }
        assertTrue(said(new byte[] {(byte) 0xff, '\n'}).contains("it is no UTF-8 text"));
        assertEquals(STATUS, live().status(), "it is as it was");
    }

    @Test
    void whoHangsIsLetGoAndTakesNobodysPlaceForLong() throws IOException {
        Duration second = Duration.ofSeconds(1);
        channel(run, new Limits(4, 1, 20, second, LONG, LONG, LONG), Peer.me());
        List<SocketChannel> hanging = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SocketChannel client = client();
            client.write(ByteBuffer.wrap("{\"req".getBytes(StandardCharsets.UTF_8)));
            hanging.add(client);
        }
        refused(() -> live().status(), "4 clients speak to this run already", "wait until one of them has ended");
        for (SocketChannel client : hanging) {
            assertEquals("", rest(client), "closed after a second");
        }
        assertEquals(STATUS, live().status());
    }

    @Test
    void whoWaitsHearsThatItDoes() throws Exception {
        channel();
        List<String> heard = new CopyOnWriteArrayList<>();
        Thread later = Thread.ofVirtual().start(() -> {
            while (heard.size() < 3) {
                Thread.onSpinWait();
            }
            saving.complete(8L);
        });
        assertEquals(8, Live.of(run, Duration.ofSeconds(5), heard::add).save());
        assertEquals("step 5 of 9", heard.getFirst());
        later.join();
    }

    @Test
    void whatNobodyWaitsForIsGivenUp() throws Exception {
        channel();
        try (SocketChannel client = client()) {
            client.write(ByteBuffer.wrap("{\"request\": \"save\"}\n".getBytes(StandardCharsets.UTF_8)));
            Thread.sleep(100);
            assertFalse(saving.isDone());
        }
        assertThrows(java.util.concurrent.CancellationException.class, () -> saving.get(5, TimeUnit.SECONDS));
    }

    @Test
    void whatTheRunCanNoLongerDoIsSaid() {
        channel();
        saving.cancel(false);
        refused(
                () -> live().save(),
                "the run came to its end, or began to show that it can be resumed, before it could do this: save",
                "./kolotoc status " + run);
    }

    /** Follows until the run ends; done once it hears all. */
    private CompletableFuture<Void> following(List<String> heard) throws Exception {
        CompletableFuture<Void> follows = new CompletableFuture<>();
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                () -> Live.of(run, Duration.ofSeconds(5), _ -> follows.complete(null))
                        .follow(heard::add),
                command -> Thread.ofVirtual().start(command));
        follows.get();
        return end;
    }

    @Test
    void whoFollowsHearsEveryEventUntilTheEnd() throws Exception {
        Channel channel = channel();
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = following(heard);
        refused(() -> live().follow(_ -> {}), "1 clients follow this run already");
        for (int step = 1; step <= 10; step++) {
            channel.tell(new Event.Saved(step));
            channel.tell(new Event.Working("evaluation", 1, 2, ""));
        }
        channel.tell(new Event.Ended("stopped", 10, run, "stopped", ""));
        channel.close();
        end.get();
        assertEquals(11, heard.size(), heard.toString());
        assertEquals("{\"event\":\"saved\",\"step\":10}", heard.get(9));
    }

    @Test
    void whoFollowsARunThatIsKilledHearsSo() throws Exception {
        Channel channel = channel();
        CompletableFuture<Void> end = following(new ArrayList<>());
        channel.close();
        Throwable cause = assertThrows(java.util.concurrent.ExecutionException.class, end::get)
                .getCause();
        assertTrue(cause.getMessage().contains("has ended: stopped after step 4"), cause.getMessage());
    }

    @Test
    void whoFollowsAndDoesNotReadHoldsUpNobody() throws IOException {
        Channel channel = channel();
        SocketChannel client = client();
        client.write(ByteBuffer.wrap("{\"request\": \"follow\"}\n".getBytes(StandardCharsets.UTF_8)));
        client.read(ByteBuffer.allocate(1));
        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            channel.tell(new Event.Noted("x".repeat(1 << 16)));
        }
        assertTrue(System.nanoTime() - begin < LONG.toNanos() / 2, "nobody waited for it");
        assertEquals(STATUS, live().status());
        kept(client::close);
    }

    @Test
    void anotherUserIsRefused() throws IOException {
        channel(run, PATIENT, "somebody");
        refused(() -> live().status(), "belongs to the user somebody", "this is " + Peer.me(), "ask somebody");
    }

    @Test
    void theSocketIsItsUsersAndGoesWithTheRun() throws IOException {
        Path socket = run.resolve(RunFolder.SOCKET);
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertTrue(Files.exists(socket), "a killed process leaves it");
        Channel channel = channel();
        assertEquals(STATUS, live().status(), "and the next one takes its place");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        channel.close();
        assertFalse(Files.exists(socket));
        channel = channel();
        Files.delete(socket);
        Files.writeString(socket, "mine");
        channel.close();
        assertEquals("mine", Files.readString(socket), "what took its place is not removed");
        assertEquals(List.of(), warned);
    }

    @Test
    void inAFolderWithALongPathTheSocketLiesElsewhere() throws IOException {
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty(
                "java.io.tmpdir", Files.createDirectory(folder.resolve("t")).toString());
        try {
            run = made(folder.resolve("a".repeat(60)).resolve("č".repeat(40)));
            Channel channel = channel();
            Path place = SocketPlace.of(run);
            assertEquals(folder.resolve("t/kolotoc-" + Peer.me()), place.getParent());
            assertTrue(place.toString().length() < 104, place.toString());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.getParent())));
            assertEquals(STATUS, live().status());
            assertEquals(1, Live.below(run.getParent()).size());
            assertFalse(Files.exists(run.resolve(RunFolder.SOCKET)));
            channel.close();
            assertFalse(Files.exists(place));
            Files.setPosixFilePermissions(place.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
            assertEquals(null, channel(), "others could have put theirs there");
            assertTrue(warned.getFirst().contains(place.getParent() + " is not "), warned.toString());
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    @Test
    void whereNoSocketCanBeMadeThatIsSaidOnce() throws IOException {
        Files.createDirectories(run.resolve(RunFolder.SOCKET).resolve("full"));
        assertEquals(null, channel());
        assertEquals(1, warned.size());
        assertTrue(warned.getFirst().startsWith("nobody can speak to this run while it goes on"), warned.getFirst());
    }

    @Test
    void runsThatListenAreFound() throws IOException {
        assertEquals(List.of(), Live.below(folder));
        assertEquals(List.of(), Live.below(folder.resolve("none")));
        channel();
        Path other = made(folder.resolve("other"));
        Files.createSymbolicLink(other.resolve(RunFolder.SOCKET), run.resolve(RunFolder.SOCKET));
        assertEquals(List.of(run), Live.below(folder).stream().map(Live::folder).toList(), "a link leads to another's");
        assertEquals(List.of(run), Live.below(run).stream().map(Live::folder).toList(), "itself");
        refused(() -> Live.of(other, _ -> {}), "control.sock is a link");
    }

    @Test
    void whyARunDoesNotAnswerIsSaid() throws IOException {
        refused(
                () -> Live.of(folder.resolve("none"), _ -> {}),
                "there is no folder " + folder.resolve("none"),
                "./kolotoc status");
        refused(() -> Live.of(folder, _ -> {}), folder + " is no run folder");
        refused(
                () -> live().status(),
                "the run of " + run + " has ended: stopped after step 4",
                "it saved nothing; begin anew: ./kolotoc run " + run.resolve("experiment.json"));
        Files.createDirectories(run.resolve("checkpoints/step-00000004"));
        refused(() -> live().status(), "go on with it: ./kolotoc run --resume " + run);
        Files.writeString(run.resolve("run.json"), "{\"status\": \"finished\", \"step\": 9}");
        refused(() -> live().status(), "has ended: finished after step 9", "./kolotoc sample " + run);
        Files.writeString(run.resolve("run.json"), "{\"status\": \"diverged\", \"step\": 9, \"reason\": \"NaN\"}");
        refused(() -> live().status(), "has ended: diverged after step 9: NaN", "--set <setting>=<value>");
    }

    @Test
    void ofAKilledProcessThatIsSaidWithHowToGoOn() throws IOException {
        Files.writeString(run.resolve("run.json"), "{\"status\": \"running\", \"step\": 2}");
        Files.createDirectories(run.resolve("checkpoints/step-00000004"));
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(run.resolve(RunFolder.SOCKET)));
        }
        refused(
                () -> live().status(),
                "has ended: failed after step 4: the process ended without saying why (killed?)",
                "./kolotoc run --resume " + run);
        assertFalse(Files.exists(run.resolve(RunFolder.SOCKET)), "what it left is gone");
    }

    @Test
    void aProcessThatDoesNotListenOrAnswerIsNamed() throws IOException {
        try (RunFolder _ = RunFolder.existing(run)) {
            refused(
                    () -> Live.of(run, Duration.ofMillis(200), _ -> {}).status(),
                    "process " + ProcessHandle.current().pid() + " works in " + run + ", but does not listen");
            try (ServerSocketChannel stopped = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                stopped.bind(UnixDomainSocketAddress.of(run.resolve(RunFolder.SOCKET)));
                refused(
                        () -> Live.of(run, Duration.ofMillis(200), _ -> {}).status(),
                        "gave no answer in",
                        "process " + ProcessHandle.current().pid(),
                        "kill -CONT");
            }
        }
    }

    @Test
    void aRunThatIsAboutToListenIsWaitedFor() throws Exception {
        try (RunFolder _ = RunFolder.existing(run)) {
            CompletableFuture<RunStatus> status = CompletableFuture.supplyAsync(() -> live().status());
            assertThrows(TimeoutException.class, () -> status.get(200, TimeUnit.MILLISECONDS));
            channel();
            assertEquals(STATUS, status.get());
        }
    }

    /** Whoever is answered when the run ends still is; who only sits there is not waited for. */
    @Test
    void theEndWaitsForAnswersButNotForThoseWhoAskNothing() throws Exception {
        Channel channel = channel();
        client();
        CompletableFuture<Void> waits = new CompletableFuture<>();
        CompletableFuture<Long> asked = CompletableFuture.supplyAsync(
                () -> Live.of(run, LONG, _ -> waits.complete(null)).save());
        waits.get();
        CompletableFuture<Void> ends = CompletableFuture.runAsync(
                channel::close, command -> Thread.ofVirtual().start(command));
        assertThrows(TimeoutException.class, () -> ends.get(100, TimeUnit.MILLISECONDS), "it waits for the answer");
        saving.complete(3L);
        assertEquals(3, asked.get());
        ends.get(LONG.toSeconds() / 2, TimeUnit.SECONDS);
    }
}
