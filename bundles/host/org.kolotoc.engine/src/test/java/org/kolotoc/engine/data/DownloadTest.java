package org.kolotoc.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.PublicFile;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.state.Hash;

/** Files from a server that keeps its word, and from one that does not. */
@Timeout(120)
final class DownloadTest {
    private static final byte[] CONTENT = "a public text\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    private static final Duration PATIENT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;
    private Path target;

    @FunctionalInterface
    private interface Answer {
        void give(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void listen() throws IOException {
        target = folder.resolve("data/text/public.txt");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void end() {
        over.countDown();
        server.stop(0);
    }

    private void answers(String path, Answer answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answer.give(exchange);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }

    private PublicFile file(String path) {
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + path);
        return new PublicFile("text/public.txt", CONTENT.length, Hash.of(CONTENT), address);
    }

    private static Download download(BooleanSupplier stop) {
        return new Download(new Client(stop, _ -> {}), PATIENT, PATIENT);
    }

    /** Refused with these words, long before patience ends, and nothing is left. */
    private void refused(PublicFile file, String... wanted) throws IOException {
        refused(download(() -> false), file, wanted);
    }

    private void refused(Download download, PublicFile file, String... wanted) throws IOException {
        long began = System.nanoTime();
        InputError error = assertThrows(InputError.class, () -> download.fetch(file, target));
        for (String part : wanted) {
            assertTrue(error.getMessage().contains(part), "expected «" + part + "» in " + error.getMessage());
        }
        assertTrue(error.getMessage().contains(file.address().toString()), error.getMessage());
        assertTrue(error.next().contains(target.toString()), error.next());
        assertTrue(System.nanoTime() - began < PATIENT.toNanos() / 2, "it waits no longer than it has to");
        nothingIsLeft();
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    void aWholeFileIsThere() throws IOException {
        answers("/file", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        });
        answers("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/file");
            exchange.sendResponseHeaders(302, -1);
        });
        for (String path : List.of("/file", "/moved")) {
            // What a killed process left of an earlier try.
            Files.createDirectories(target.getParent());
            Files.write(folder.resolve("data/text/public.txt.part"), new byte[2 * CONTENT.length]);
            assertEquals(target, download(() -> false).fetch(file(path), target));
            assertEquals(Hash.of(CONTENT), Hash.of(target));
            assertFalse(Files.exists(folder.resolve("data/text/public.txt.part")));
            Files.delete(target);
        }
    }

    @Test
    void whatIsNotTheFileIsRefused() throws IOException {
        answers("/absent", exchange -> exchange.sendResponseHeaders(404, -1));
        refused(file("/absent"), "the server answers 404");
        answers("/other", exchange -> {
            byte[] other = CONTENT.clone();
            other[77] ^= 1;
            exchange.sendResponseHeaders(200, other.length);
            exchange.getResponseBody().write(other);
        });
        refused(file("/other"), "another SHA-256", Hash.of(CONTENT));
        answers("/short", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(CONTENT, 0, 100);
        });
        refused(file("/short"), "only 100 of " + CONTENT.length + " bytes came");
        answers("/cut", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 1000);
            exchange.getResponseBody().flush();
        });
        refused(file("/cut"), "the connection failed");
    }

    /** It would fill the disk. */
    @Test
    void moreThanIsExpectedIsNotWaitedFor() throws IOException {
        answers("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 1_000_000 && over.getCount() > 0; i++) {
                exchange.getResponseBody().write(CONTENT);
            }
        });
        refused(file("/endless"), "more than the " + CONTENT.length + " bytes");
    }

    private static Download impatient() {
        return new Download(Client.NOBODY, PATIENT, Duration.ofMillis(300));
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForForEver() throws IOException {
        answers("/mute", _ -> over.await());
        refused(impatient(), file("/mute"), "nothing came for 0.3 s");
        answers("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 1000);
            exchange.getResponseBody().flush();
            over.await();
        });
        refused(impatient(), file("/stalls"), "nothing came for 0.3 s");
    }

    @Test
    void aServerThatIsNotThereIsSaid() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        refused(
                new PublicFile("text/public.txt", 3, "", URI.create("http://localhost:" + port + "/file")),
                "the server can't be reached");
    }

    @Test
    void whoStopsItLeavesNothing() throws IOException {
        answers("/slow", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 1);
            exchange.getResponseBody().flush();
            over.await();
        });
        long began = System.nanoTime();
        assertThrows(Stopped.class, () -> download(() -> true).fetch(file("/slow"), target));
        assertTrue(System.nanoTime() - began < PATIENT.toNanos() / 2, "at once");
        nothingIsLeft();
    }

    @Test
    void twoDoNotFetchOneFileAtATime() throws IOException {
        answers("/file", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        });
        Files.createDirectories(target.getParent());
        Path part = folder.resolve("data/text/public.txt.part");
        try (FileChannel other = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertTrue(other.tryLock().isValid());
            InputError error =
                    assertThrows(InputError.class, () -> download(() -> false).fetch(file("/file"), target));
            assertTrue(error.getMessage().contains("fetches it right now"), error.getMessage());
            assertTrue(Files.exists(part), "the other one's");
        }
    }
}
