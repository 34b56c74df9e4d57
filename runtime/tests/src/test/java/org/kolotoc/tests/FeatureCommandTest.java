package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.osgi.repository.XMLResourceGenerator;
import aQute.bnd.osgi.resource.ResourceBuilder;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code feature}: three processes one after the other on one runtime, since what is installed in one has to be there in
 * the next; and one on a runtime that can't be written to.
 */
final class FeatureCommandTest {
    private static final String FINE = "out.put(\"loss\", 1);";
    private static final String ZEROS = "0".repeat(64);

    /** What an archive wants to write outside of its folder; of a name that no other process has. */
    private static final String EVIL = "evil-" + ProcessHandle.current().pid() + ".json";

    @TempDir
    static Path folder;

    private static HttpServer server;
    private static final Map<String, String> OUT = new LinkedHashMap<>();
    private static final Map<String, String> ERR = new LinkedHashMap<>();

    @BeforeAll
    static void change() throws Exception {
        Map<String, Path> jars = jars();
        Path source = source(jars);
        server = server(source);
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        Path home = home("home", jars);
        run(home, first(source, address));
        feature(source.resolve("hello.json"), "hello", "1.1.0", "hostile.newer:1.3.0");
        run(home, second());
        Files.writeString(home.resolve("installed/current"), "no number");
        run(home, List.of("damaged\tlist", "mended\tfeature\trollback\t2", "third\tlist\tphase"));
        Path closed = home("closed", jars);
        Files.writeString(closed.resolve("installed"), "a file where a folder has to be");
        held(home("held", jars), source);
        run(closed, List.of("closed\tfeature\tinstall\tzipped\t--from\t" + source.resolve("good.zip")));
    }

    /** While another process holds the states, here this one. */
    private static void held(Path home, Path source) throws IOException {
        Path installed = Files.createDirectories(home.resolve("installed"));
        try (FileChannel channel = FileChannel.open(
                        installed.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            run(home, List.of("held\tfeature\tinstall\tzipped\t--from\t" + source.resolve("good.zip")));
        }
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static void run(Path home, List<String> lines) throws IOException {
        Launch.Result result = LackingHome.each(home, lines).expect(0);
        OUT.putAll(LackingHome.parts(result.out()));
        ERR.putAll(LackingHome.parts(result.err()));
    }

    private static Map<String, Path> jars() throws IOException {
        Path made = Files.createDirectories(folder.resolve("made"));
        return new HostilePlugins(made)
                .phase("hello", "", FINE)
                .phase("newer", "", FINE)
                .header("newer", "Bundle-Version", "1.3.0")
                .phase("zipped", "", FINE)
                .phase("user", "", FINE)
                .header("user", "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,org.example.lib")
                .phase("lib", "", FINE)
                .header("lib", "Export-Package", "org.example.lib;version=2")
                .phase("net", "", FINE)
                .phase("lonely", "", FINE)
                .header("lonely", "Import-Package", "org.kolotoc.api,org.example.absent;version=\"[1,2)\"")
                .source("failing", HostilePlugins.ACTIVATOR.formatted("throw new java.io.IOException(\"not today\");"))
                .header("failing", "Bundle-Activator", "hostile.failing.Odd")
                .source("each", HostilePlugins.ACTIVATOR.formatted(HostilePlugins.EACH))
                .header("each", "Bundle-Activator", "hostile.each.Odd")
                .build();
    }

    private static Path home(String name, Map<String, Path> jars) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        for (String part : List.of("launcher", "lib", "features")) {
            Files.createSymbolicLink(home.resolve(part), Assembled.HOME.resolve(part));
        }
        Files.createDirectory(home.resolve("plugins"));
        Files.copy(jars.get("each"), home.resolve("plugins/each.jar"));
        return home;
    }

    private static void feature(Path file, String name, String version, String... bundles) throws IOException {
        StringBuilder json = new StringBuilder("{\"feature-resource-version\": \"1.0\", \"id\": \"hostile:" + name + ":"
                + version + "\", \"bundles\": [");
        String gap = "";
        for (String bundle : bundles) {
            String[] parts = bundle.split("#");
            json.append(gap).append("{\"id\": \"hostile:").append(parts[0]).append('"');
            json.append(parts.length > 1 ? ", \"hash\": \"" + parts[1] + "\"}" : "}");
            gap = ", ";
        }
        Files.writeString(file, json.append("]}"));
    }

    /** A folder of features, good and bad ones; an index beside it, as bnd writes it; and archives. */
    private static Path source(Map<String, Path> jars) throws Exception {
        Path source = Files.createDirectories(folder.resolve("source"));
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            String version = jar.getKey().equals("newer") ? "1.3.0" : "1.2.3";
            Files.copy(jar.getValue(), source.resolve("hostile." + jar.getKey() + "-" + version + ".jar"));
        }
        PluginJars.empty(source.resolve("hostile.plain-1.2.3.jar"), Map.of("Created-By", "a test"));
        feature(source.resolve("hello.json"), "hello", "1.0.0", "hostile.hello:1.2.3");
        feature(source.resolve("pair.json"), "pair", "1.0.0", "hostile.user:1.2.3", "hostile.lib:1.2.3");
        feature(source.resolve("lonely.json"), "lonely", "1.0.0", "hostile.hello:1.2.3", "hostile.lonely:1.2.3");
        feature(source.resolve("failing.json"), "failing", "1.0.0", "hostile.zipped:1.2.3", "hostile.failing:1.2.3");
        feature(source.resolve("plain.json"), "plain", "1.0.0", "hostile.plain:1.2.3");
        feature(source.resolve("hashed.json"), "hashed", "1.0.0", "hostile.net:1.2.3#" + ZEROS);
        Path odd = Files.createDirectories(folder.resolve("odd"));
        feature(odd.resolve("holey.json"), "holey", "1.0.0", "hostile.none:9.9.9");
        Files.writeString(odd.resolve("text.json"), "{\"feature-resource-version\": ");
        Files.writeString(odd.resolve("other.txt"), "text");
        Files.writeString(odd.resolve("entity.xml"), """
            <!DOCTYPE repository [<!ENTITY x SYSTEM "file:///etc/hostname">]>
            <repository xmlns="http://www.osgi.org/xmlns/repository/v1.0.0">&x;</repository>
            """);
        Files.createDirectories(folder.resolve("empty"));
        index(source.resolve("repository.xml"), source, "");
        index(odd.resolve("changed.xml"), source, ZEROS);
        zip(
                source.resolve("good.zip"),
                Map.of(
                        "zipped.json", Files.readAllBytes(zipped(odd)),
                        "lib/hostile.zipped-1.2.3.jar", Files.readAllBytes(jars.get("zipped"))));
        zip(source.resolve("evil.zip"), Map.of("../../" + EVIL, "{}".getBytes()));
        return source;
    }

    private static Path zipped(Path odd) throws IOException {
        Path file = Files.createDirectories(odd.resolve("z")).resolve("zipped.json");
        feature(file, "zipped", "1.0.0", "hostile.zipped:1.2.3");
        return file;
    }

    private static void index(Path file, Path source, String hash) throws Exception {
        XMLResourceGenerator index = new XMLResourceGenerator().name("test");
        for (String name : List.of("user", "lib", "net", "lonely")) {
            Path jar = source.resolve("hostile." + name + "-1.2.3.jar");
            ResourceBuilder builder = new ResourceBuilder();
            URI address = hash.isEmpty() ? URI.create(jar.getFileName().toString()) : jar.toUri();
            builder.addFile(jar.toFile(), address);
            index.resource(builder.build());
        }
        index.save(file.toFile());
        if (!hash.isEmpty()) {
            Files.writeString(
                    file,
                    Files.readString(file).replaceAll("(?i)" + sha256(source.resolve("hostile.net-1.2.3.jar")), hash));
        }
    }

    private static void zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }

    private static HttpServer server(Path source) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            Path file = source.resolve(exchange.getRequestURI().getPath().substring(1));
            byte[] body = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            exchange.sendResponseHeaders(Files.isRegularFile(file) ? 200 : 404, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static String install(String name, String what, Object from, String... more) {
        return name + "\tfeature\tinstall\t" + what + "\t--from\t" + from
                + (more.length == 0 ? "" : "\t" + String.join("\t", more));
    }

    private static List<String> first(Path source, String address) throws Exception {
        Path odd = folder.resolve("odd");
        List<String> lines = new ArrayList<>(List.of(
                "none\tfeature\tlist",
                "offered\tfeature\tlist\t--from\t" + source,
                install("dry", "hello\tpair", source, "--dry-run"),
                "still none\tfeature\tlist",
                install("install", "hello\tpair", source),
                "why\twhy\tphase:hello",
                install("again", "hello", source),
                install("near", "helo", source),
                install("holey", "holey", odd.resolve("holey.json")),
                install("lonely", "lonely", source),
                install("failing", "failing", source),
                install("plain", "plain", source),
                install("hashed", "hashed", source),
                install("nowhere", "hello", odd.resolve("nowhere")),
                install("text file", "hello", odd.resolve("other.txt")),
                install("empty", "hello", folder.resolve("empty")),
                install("no feature", "hello", odd.resolve("text.json")),
                install("entity", "hello", odd.resolve("entity.xml")),
                install("changed", "hostile.net", odd.resolve("changed.xml")),
                install("evil", "hello", source.resolve("evil.zip")),
                install("unhashed", "hostile.net", address + "repository.xml"),
                install("wrong hash", "hostile.net", address + "repository.xml", "--sha256", ZEROS),
                install("no hash", "hello", source.resolve("hello.json"), "--sha256", "12"),
                install("gone", "hostile.net", address + "nothing.xml", "--sha256", ZEROS),
                install("twin", "twin", twin()),
                "verb\tfeature\tinstal\thello",
                "nobody\tfeature\tinstall\thello",
                "nameless\tfeature\tinstall",
                "remove none\tfeature\tremove\thelo",
                "rollback none\tfeature\trollback\t99",
                "rollback word\tfeature\trollback\tback",
                "unchanged\tfeature\tlist"));
        lines.add(install(
                "net",
                "hostile.net",
                address + "repository.xml",
                "--sha256",
                sha256(source.resolve("repository.xml"))));
        lines.add(install("zip", "zipped", source.resolve("good.zip")));
        return lines;
    }

    /** A feature whose bundle has the name and version of one that is installed, and another content. */
    private static Path twin() throws IOException {
        Path twin = Files.createDirectories(folder.resolve("twin"));
        PluginJars.copy(
                folder.resolve("made/hello.jar"),
                twin.resolve("hostile.hello-1.2.3.jar"),
                Map.of("Bundle-Name", "another"));
        feature(twin.resolve("twin.json"), "twin", "1.0.0", "hostile.hello:1.2.3");
        return twin;
    }

    private static List<String> second() {
        return List.of(
                "second\tlist\tphase",
                "update dry\tfeature\tupdate\thello\t--dry-run",
                "update\tfeature\tupdate\thello\tpair",
                "uptodate\tfeature\tupdate\tpair",
                "updated\tlist\tphase",
                "remove\tfeature\tremove\tpair",
                "removed\tlist\tphase",
                "index dry\tfeature\tinstall\thostile.user\t--from\t" + folder.resolve("source/repository.xml")
                        + "\t--dry-run",
                "index\tfeature\tinstall\thostile.user\t--from\t" + folder.resolve("source/repository.xml"),
                "back\tfeature\trollback\t1",
                "backed\tlist\tphase",
                "history\tfeature\thistory");
    }

    private static void ends(String name, int code) {
        assertTrue(ERR.get(name).contains("\n=> " + code + "\n"), () -> name + ":\n" + ERR.get(name) + OUT.get(name));
    }

    private static void says(String name, String... parts) {
        ends(name, 0);
        for (String part : parts) {
            assertTrue(
                    OUT.get(name).contains(part), () -> "«" + part + "» expected in " + name + ":\n" + OUT.get(name));
        }
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndDoesNothing() {
        says("none", "no feature is installed besides the program");
        says("offered", "hello", "pair", "1.0.0", "hostile.user", "a bundle of the index");
        says(
                "dry",
                "it would be: install hello 1.0.0, pair 1.0.0",
                "+ hostile.hello 1.2.3",
                "+ hostile.user 1.2.3",
                "+ hostile.lib 1.2.3",
                "nothing was changed");
        says("still none", "no feature is installed besides the program");
    }

    @Test
    void whatIsInstalledIsUsableAtOnceAndInTheNextProcess() {
        says("install", "done: install hello 1.0.0, pair 1.0.0", "state 1; back with: ./kolotoc feature rollback 0");
        says("why", "the phase 'hello' is usable", "is started, installed with a feature");
        for (String name : List.of("hello", "user", "lib", "net", "zipped")) {
            assertTrue(OUT.get("second").matches("(?s).*\nphase +" + name + " +1.2.3 .* ready .*"), OUT.get("second"));
        }
    }

    @Test
    void updatesExchangeBundlesAndRemovalTakesThemOut() {
        says("update dry", "it would be: update hello 1.1.0", "+ hostile.newer 1.3.0", "- hostile.hello 1.2.3");
        says("update", "done: update hello 1.1.0", "+ hostile.newer 1.3.0", "- hostile.hello 1.2.3");
        says("uptodate", "nothing: all is as it would be");
        assertTrue(OUT.get("updated").contains("hostile.newer")
                && !OUT.get("updated").contains("hostile.hello"));
        says("remove", "done: remove pair", "- hostile.user 1.2.3", "- hostile.lib 1.2.3");
        assertFalse(OUT.get("removed").contains("hostile.user"), OUT.get("removed"));
    }

    /** The resolver finds what a bundle of an index needs besides. */
    @Test
    void aBundleOfAnIndexComesWithWhatItNeeds() {
        for (String name : List.of("index dry", "index")) {
            says(name, "install hostile.user 1.2.3", "+ hostile.user 1.2.3", "+ hostile.lib 1.2.3");
            assertFalse(OUT.get(name).contains("hostile.net"), OUT.get(name));
        }
        says("net", "done: install hostile.net 1.2.3");
        says("zip", "done: install zipped 1.0.0");
    }

    @Test
    void everyChangeIsAStateOneCanGoBackTo() {
        says("back", "done: rollback to state 1", "+ hostile.hello 1.2.3", "- hostile.newer 1.3.0");
        assertTrue(OUT.get("backed").contains("hostile.hello")
                && !OUT.get("backed").contains("hostile.newer"));
        assertFalse(OUT.get("backed").contains("hostile.net"), OUT.get("backed"));
        says("history", "the program alone", "install hello 1.0.0, pair 1.0.0", "remove pair", "rollback to state 1");
        says("history", "now: state 7");
    }

    /** The program starts without what was installed, and the command that mends it runs. */
    @Test
    void aDamagedStateIsToldAndOneCanGoBackToAnother() {
        assertTrue(OUT.get("damaged").contains("pretrain"), OUT.get("damaged"));
        says("mended", "done: rollback to state 2");
        assertTrue(OUT.get("third").contains("hostile.net"), OUT.get("third"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "again | the feature hello 1.0.0 is installed already & feature update hello",
                "near | there is no feature 'helo' in & did you mean 'hello'? & feature list --from",
                "holey | bundles[0] (hostile:hostile.none:9.9.9) is not there; it was looked for as & put the jar"
                        + " there",
                "lonely | hostile.lonely 1.2.3 needs package org.example.absent, version 1.0.0 up to, but not"
                        + " including, 2.0.0; neither what is installed nor & nothing was installed",
                "failing | bundle hostile.failing 1.2.3 does not start: java.io.IOException: not today & as it was"
                        + " before",
                "plain | (hostile:hostile.plain:1.2.3) is no bundle: & bnd-maven-plugin",
                "hashed | (hostile:hostile.net:1.2.3) has another SHA-256 than was told & nothing was installed",
                "nowhere | there is no such file or folder & give a folder with feature files",
                "text file | expected a feature file (.json) & ./kolotoc feature --help",
                "empty | has neither a feature file nor a repository.xml & ./kolotoc feature --help",
                "no feature | text.json is no feature file: & it looks so: ",
                "entity | entity.xml declares a document type & take it out",
                "changed | hostile.net 1.2.3 has another SHA-256 than was told & nothing was installed",
                "evil | has an entry that leads out of its folder: ../../evil- & nothing of it was installed",
                "unhashed | nobody says which SHA-256 it has & --sha256 <64 hexadecimal digits>",
                "wrong hash | has another SHA-256 than was told & nothing was installed",
                "no hash | --sha256 12: expected 64 hexadecimal digits & sha256sum",
                "gone | can't be had from & the server answers 404 & try again",
                "twin | the bundle hostile.hello 1.2.3 is plugged in already, with another content & another version",
                "verb | feature has no 'instal'; did you mean 'install'? & ./kolotoc feature list",
                "nobody | nobody says where hello is & --from <folder, file or address>",
                "nameless | expected the name of at least one feature & ./kolotoc feature install",
                "remove none | the feature 'helo' is not installed; did you mean 'hello'? & ./kolotoc feature list",
                "rollback none | there is no state 99 (there is 0, 1) & ./kolotoc feature history",
                "rollback word | rollback back: expected the number of one state & ./kolotoc feature history",
                "held | another process changes the features in & run it again when that has ended",
                "closed | nothing can be written into & give yourself the right to write there",
            })
    void whatCannotBeDoneIsOneMessageAndTheNextCommand(String name, String parts) {
        ends(name, 2);
        for (String part : parts.split(" & ")) {
            assertTrue(ERR.get(name).contains(part), () -> "«" + part + "» expected in:\n" + ERR.get(name));
        }
        assertEquals(1, ERR.get(name).split("kolotoc: ", -1).length - 1, ERR.get(name));
    }

    @Test
    void nothingStaysOfWhatCouldNotBeDone() {
        says("unchanged", "state 1");
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        assertFalse(Files.exists(temporary.resolve(EVIL)) || Files.exists(folder.resolve(EVIL)));
        for (String name : List.of("failing", "lonely")) {
            assertFalse(OUT.get("second").contains("hostile." + name), OUT.get("second"));
        }
    }
}
