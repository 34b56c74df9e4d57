package mutants;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * A command that spoils an experiment, or the folder of a run, again and again at random, and has the program's commands look
 * at each: {@code mutants <experiment.json or run folder> <folder> <count> <seed>}. Prints how often which exit code was given,
 * and the first of those that no input may lead to: 3, a stack trace, no answer.
 */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=mutants", "kolotoc.command.summary=spoils experiments and run folders at random"})
public final class Mutants implements ToIntFunction<String[]> {
    private static final int PATIENCE_SECONDS = 60;
    private static final int FAULT = 3;

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1",
            "2",
            "3.5",
            "1e308",
            "-1e-308",
            "9223372036854775808",
            "\"\"",
            "\"gpt\"",
            "\"pretrain\"",
            "\"../../x\"",
            "\"\\u0000\"",
            "\"a@b\"",
            "\"char\"",
            "[]",
            "{}",
            "[[]]",
            "{\"id\": \"gpt\"}",
            "{\"id\": \"none\"}",
            "{\"id\": 7}",
            "[{\"id\": \"pretrain\", \"steps\": 1}]",
            "{\"name\": \"x\"}",
            "\"0.5\"");

    private final BundleContext context;
    private final Map<String, Integer> codes = new TreeMap<>();
    private int wrong;

    @Activate
    public Mutants(BundleContext context) {
        this.context = context;
    }

    @Override
    public int applyAsInt(String[] line) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try {
            Path original = Path.of(line[0]);
            Path folder = Files.createDirectories(Path.of(line[1]));
            int count = Integer.parseInt(line[2]);
            for (int i = 0; i < count; i++) {
                Random random = new Random(Long.parseLong(line[3]) * 1_000_003 + i);
                if (Files.isDirectory(original)) {
                    folder(original, folder, random, i, out);
                } else {
                    experiment(original, folder, random, i, out);
                }
            }
            codes.forEach((code, times) -> out.println("gave " + code + " " + times));
            out.println("wrong " + wrong);
            return 0;
        } catch (IOException | InvalidSyntaxException | InterruptedException e) {
            e.printStackTrace(err);
            return FAULT;
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private void experiment(Path original, Path folder, Random random, int number, PrintStream out)
            throws IOException, InvalidSyntaxException, InterruptedException {
        Path file = folder.resolve("mutant.json");
        String text = Files.readString(original);
        Files.writeString(file, mutant(text, random));
        String name = number % 2 == 0 ? "explain" : "plan";
        look(number, file, out, name, file.toString());
    }

    private void folder(Path original, Path folder, Random random, int number, PrintStream out)
            throws IOException, InvalidSyntaxException, InterruptedException {
        Path run = folder.resolve("mutant");
        delete(run);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(original)) {
            for (Path from : all.toList()) {
                Path to = run.resolve(original.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to);
                    files.add(to);
                }
            }
        }
        files.sort(null);
        for (int i = random.nextInt(2); i >= 0; i--) {
            spoil(files.get(random.nextInt(files.size())), random);
        }
        String path = run.toString();
        switch (random.nextInt(5)) {
            case 0 -> look(number, run, out, "replay", path, "--quiet");
            case 1 -> look(number, run, out, "run", "--resume", path, "--quiet");
            case 2 -> look(number, run, out, "sample", path, "--quiet");
            case 3 -> look(number, run, out, "run", "--resume", path, "--from", "10", "--quiet");
            default -> look(number, run, out, "plan", path);
        }
    }

    /** Has a command look at it, as from a command line. */
    private void look(int number, Path what, PrintStream out, String name, String... line)
            throws InvalidSyntaxException, InterruptedException, IOException {
        ToIntFunction<String[]> command =
                context.getServiceReferences(ToIntFunction.class, "(kolotoc.command=" + name + ")").stream()
                        .findFirst()
                        .map(context::getService)
                        .map(found -> (ToIntFunction<String[]>) found)
                        .orElseThrow();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(told, true, StandardCharsets.UTF_8);
        System.setOut(to);
        System.setErr(to);
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                code.complete(command.applyAsInt(line));
            } catch (RuntimeException | Error e) {
                e.printStackTrace(to);
                code.complete(FAULT);
            }
        });
        String gave;
        try {
            gave = Integer.toString(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException _) {
            gave = "nothing";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        codes.merge(name + " " + gave, 1, Integer::sum);
        String text = told.toString(StandardCharsets.UTF_8);
        if (gave.equals("3") || gave.equals("nothing") || text.contains("\tat ")) {
            wrong++;
            Path kept = what.resolveSibling("wrong-" + number);
            out.println("wrong: mutant " + number + " kept as " + kept + ", " + name + " gave " + gave + ": "
                    + text.substring(0, Math.min(600, text.length())));
            if (Files.isRegularFile(what)) {
                Files.copy(what, kept);
            } else {
                Files.move(what, kept);
            }
        }
    }

    /** A text that was JSON, changed at one to three places. */
    private static String mutant(String text, Random random) {
        JsonElement json = JsonParser.parseString(text);
        int changes = random.nextInt(4) > 0 ? 1 : 3;
        for (int i = 0; i < changes; i++) {
            change(json, random);
        }
        String changed = json.toString();
        return switch (random.nextInt(8)) {
            case 0 -> changed.substring(0, random.nextInt(changed.length()));
            case 1 -> {
                int at = random.nextInt(changed.length());
                yield changed.substring(0, at) + (char) random.nextInt(0x300) + changed.substring(at);
            }
            default -> changed;
        };
    }

    private static void change(JsonElement json, Random random) {
        List<JsonElement> holders = new ArrayList<>();
        collect(json, holders);
        JsonElement holder = holders.get(random.nextInt(holders.size()));
        JsonElement value = random.nextInt(4) == 0
                ? holders.get(random.nextInt(holders.size())).deepCopy()
                : JsonParser.parseString(VALUES.get(random.nextInt(VALUES.size())));
        if (holder instanceof JsonArray array) {
            if (array.isEmpty() || random.nextInt(3) == 0) {
                array.add(value);
            } else if (random.nextInt(2) == 0) {
                array.remove(random.nextInt(array.size()));
            } else {
                array.set(random.nextInt(array.size()), value);
            }
        } else if (holder instanceof JsonObject object) {
            List<String> names = List.copyOf(object.keySet());
            if (names.isEmpty() || random.nextInt(8) == 0) {
                object.add(
                        List.of("id", "name", "steps", "models", "data", "start", "x", "")
                                .get(random.nextInt(8)),
                        value);
            } else {
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(4)) {
                    case 0 -> object.remove(name);
                    case 1 -> object.add(name + "s", object.remove(name));
                    case 2 -> {
                        if (object.get(name) instanceof JsonPrimitive old && old.isNumber()) {
                            object.addProperty(name, old.getAsDouble() * (random.nextInt(5) - 2));
                        } else {
                            object.add(name, value);
                        }
                    }
                    default -> object.add(name, value);
                }
            }
        }
    }

    private static void collect(JsonElement json, List<JsonElement> holders) {
        if (json instanceof JsonArray array) {
            holders.add(array);
            array.forEach(element -> collect(element, holders));
        } else if (json instanceof JsonObject object) {
            holders.add(object);
            object.asMap().values().forEach(element -> collect(element, holders));
        }
    }

    private static void spoil(Path file, Random random) throws IOException {
        // It may have been spoiled before.
        if (!Files.isRegularFile(file)) {
            return;
        }
        byte[] content = Files.readAllBytes(file);
        boolean json = file.toString().endsWith(".json");
        switch (random.nextInt(json ? 6 : 4)) {
            case 0 -> Files.delete(file);
            case 1 ->
                Files.write(
                        file,
                        java.util.Arrays.copyOf(content, content.length == 0 ? 0 : random.nextInt(content.length)));
            case 2 -> {
                for (int i = 0; i < 1 + random.nextInt(4) && content.length > 0; i++) {
                    content[random.nextInt(content.length)] = (byte) random.nextInt(256);
                }
                Files.write(file, content);
            }
            case 3 -> {
                Files.delete(file);
                Files.createDirectory(file);
            }
            default -> {
                try {
                    Files.writeString(file, mutant(new String(content, StandardCharsets.UTF_8), random));
                } catch (JsonParseException | IllegalStateException _) {
                    // It was spoiled before, and is no JSON any more.
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = new ArrayList<>(all.toList());
            }
            for (Path file : files.reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
