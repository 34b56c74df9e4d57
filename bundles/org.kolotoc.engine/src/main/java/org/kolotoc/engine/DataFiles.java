package org.kolotoc.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataFolders;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Hash;

/** The files of public data sets: found in a data folder or, if the user allows it, fetched; checked, and remembered. */
final class DataFiles implements DataContext {
    private final Optional<Path> named;
    private final Path project;
    private final boolean download;
    private final long seed;
    private final java.util.function.Function<String, Tokenizer> tokenizers;
    private final Map<String, String> used = new TreeMap<>();

    /**
     * A lookup.
     *
     * @param named folder given by the user
     * @param project root of the project
     * @param tokenizers makes the run's tokenizer from a training text
     */
    DataFiles(
            Optional<Path> named,
            Path project,
            boolean download,
            long seed,
            java.util.function.Function<String, Tokenizer> tokenizers) {
        this.named = named;
        this.project = project;
        this.download = download;
        this.seed = seed;
        this.tokenizers = tokenizers;
    }

    /** Hashes of the files that were found, by their path below the data folder. */
    Map<String, String> used() {
        return used;
    }

    private List<Path> folders() {
        return DataFolders.of(named, project);
    }

    @Override
    public Path file(String path, String sha256, Optional<String> address) {
        for (Path folder : folders()) {
            Path file = folder.resolve(path);
            if (Files.isRegularFile(file)) {
                return checked(file, path, sha256);
            }
        }
        if (address.isPresent() && download) {
            return fetched(path, sha256, address.get());
        }
        throw InputError.of(
                "the data file " + path + " is in none of these folders:\n  "
                        + String.join(
                                "\n  ", folders().stream().map(Path::toString).toList()),
                address.map(a -> "let it be fetched from " + a + ": add --download; or put it below one of the folders,"
                                + " or name yours: --data <folder>")
                        .orElse("put it below one of the folders, or name yours: --data <folder>"));
    }

    private Path checked(Path file, String path, String sha256) {
        try {
            String hash = Hash.of(file);
            if (!sha256.isEmpty() && !sha256.equalsIgnoreCase(hash)) {
                throw InputError.of(
                        "the data file " + file + " has another content than expected (SHA-256 " + hash + ", expected "
                                + sha256 + ")",
                        "remove it, then get it again: add --download");
            }
            used.put(path, hash);
            return file;
        } catch (IOException e) {
            throw InputError.of("the data file " + file + " can't be read: " + e.getMessage(), "", e);
        }
    }

    private Path fetched(String path, String sha256, String address) {
        Path target = project.resolve("data").resolve(path);
        System.err.println("fetching " + address);
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpResponse<InputStream> response = client.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofInputStream());
            byte[] content;
            try (InputStream body = response.body()) {
                content = body.readAllBytes();
            }
            if (response.statusCode() != 200) {
                throw new IOException("the server answers " + response.statusCode());
            }
            if (!sha256.isEmpty() && !sha256.equalsIgnoreCase(Hash.of(content))) {
                throw new IOException("what came has another SHA-256 than " + sha256);
            }
            Files.createDirectories(target.getParent());
            Atomic.write(target, content);
            return checked(target, path, sha256);
        } catch (IOException e) {
            throw InputError.of(
                    "the data file " + path + " could not be fetched from " + address + ": " + e.getMessage(),
                    "put it at " + target + " by hand",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw InputError.of("fetching " + address + " was interrupted", "run the command again", e);
        }
    }

    @Override
    public Tokenizer tokenizer(String trainingText) {
        return tokenizers.apply(trainingText);
    }

    @Override
    public long seed() {
        return seed;
    }
}
