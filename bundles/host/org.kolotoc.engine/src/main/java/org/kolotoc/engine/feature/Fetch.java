package org.kolotoc.engine.feature;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.state.Hash;

/** Copies a file from an address: whole, not too large and with the hash that was told, or nothing of it stays. */
final class Fetch {
    /** Bytes of a jar, an index or an archive. */
    static final long MOST_BYTES = 1L << 28;

    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int OK = 200;

    private Fetch() {}

    static boolean isRemote(URI address) {
        return "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    }

    /**
     * Copies a file.
     *
     * @param sha256 that it has to have; empty where any will do, which is refused of what comes over a network
     * @param what for messages
     */
    static void copy(URI address, String sha256, String what, Path target) {
        if (isRemote(address) && sha256.isEmpty()) {
            throw InputError.of(
                    what + " comes from " + address + ", and nobody says which SHA-256 it has",
                    "give it: --sha256 <64 hexadecimal digits>; in a feature file: \"hash\" beside the bundle's id; in"
                            + " an index: osgi.content");
        }
        try {
            Files.createDirectories(target.getParent());
            Hash.Running hash = new Hash.Running();
            try (InputStream in = open(address);
                    OutputStream out = Files.newOutputStream(target)) {
                bounded(in, out, MOST_BYTES, hash);
            }
            if (!sha256.isEmpty() && !hash.soFar().equalsIgnoreCase(sha256)) {
                Files.delete(target);
                throw InputError.of(
                        what + " has another SHA-256 than was told: " + hash.soFar() + ", expected " + sha256,
                        "look at where it comes from; nothing was installed");
            }
        } catch (IOException e) {
            throw InputError.of(
                    what + " can't be had from " + address + ": " + Printable.reason(e),
                    "look at the address, or try again",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw InputError.of("fetching " + address + " was interrupted", "run the command again", e);
        }
    }

    private static InputStream open(URI address) throws IOException, InterruptedException {
        if (!isRemote(address)) {
            return Files.newInputStream(Path.of(address));
        }
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(address).timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != OK) {
            response.body().close();
            throw new IOException("the server answers " + response.statusCode());
        }
        return response.body();
    }

    /** Copies at most so many bytes; more is an error. */
    static long bounded(InputStream in, OutputStream out, long most, Hash.Running hash) throws IOException {
        byte[] part = new byte[1 << 16];
        long done = 0;
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            done += count;
            if (done > most) {
                throw new IOException("it is larger than " + (most >> 20) + " MiB");
            }
            hash.update(part, count);
            out.write(part, 0, count);
        }
        return done;
    }
}
