package org.kolotoc.eval.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Command;
import org.kolotoc.api.InputError;
import org.kolotoc.eval.arena.ArenaCommand.Method;
import org.kolotoc.eval.arena.rating.Ties;
import org.kolotoc.tck.CommandConformance;
import org.kolotoc.tck.Refused;

class ArenaCommandTest extends CommandConformance<ArenaCommand.Line> {
    @TempDir
    Path folder;

    private Path votes;
    private Path models;

    @BeforeEach
    void files() throws IOException {
        List<String> lines = new ArrayList<>(List.of("left,right,winner,length_left,length_right"));
        for (int i = 0; i < 40; i++) {
            lines.add("\"Alpha, the first\",Beta," + (i % 4 == 0 ? "right" : "left") + "," + (100 + i * 7 % 13) + ","
                    + (90 + i * 5 % 11));
            lines.add("Gamma,Beta," + (i % 3 == 0 ? "tie" : i % 5 == 0 ? "left" : "right") + ",80," + (90 + i * 3 % 7));
        }
        votes = Files.write(folder.resolve("votes.csv"), lines);
        models = Files.writeString(folder.resolve("models.jsonl"), """
            {"name": "Alpha, the first", "org": "Firm \\u00e9", "license": "MIT", "more": [1, {"a": null}]}
            {"name": "Beta", "org": null, "license": "Apache-2.0"}
            """);
    }

    private ArenaCommand.Line line(String file, String... style) {
        return new ArenaCommand.Line(
                file, "", List.of(style), Ties.HALF, Method.BOOTSTRAP, 50, 1, 0, false, 0, "", false);
    }

    private ArenaCommand.Line all() {
        return new ArenaCommand.Line(
                votes.toString(),
                models.toString(),
                List.of("length"),
                Ties.HALF,
                Method.BOOTSTRAP,
                50,
                1,
                0,
                true,
                3,
                folder.resolve("arena.svg").toString(),
                false);
    }

    @Override
    protected Command<ArenaCommand.Line> command() {
        return new ArenaCommand();
    }

    @Override
    protected ArenaCommand.Line settings() {
        return all();
    }

    @Override
    protected List<Refused<ArenaCommand.Line>> refused() {
        return List.of(
                new Refused<>(line("nowhere.csv"), ""),
                new Refused<>(line(votes.toString(), "colour"), ""),
                new Refused<>(line(folder.toString()), ""));
    }

    private static String print(ArenaCommand.Line line) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        assertTrue(new ArenaCommand().run(line, new PrintStream(printed, true, StandardCharsets.UTF_8)));
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static List<String> columns(String row) {
        return Arrays.stream(row.strip().split(" {2,}")).toList();
    }

    @Test
    void theTableHasTheEightColumnsAndInventsNothing() throws IOException {
        List<String> lines = print(all()).lines().toList();
        assertEquals(
                List.of(
                        "Rank (UB)",
                        "Rank (StyleCtrl)",
                        "Model",
                        "Arena Score",
                        "95% CI",
                        "Votes",
                        "Organization",
                        "License"),
                columns(lines.get(0)));
        List<String> alpha = columns(lines.get(1));
        assertEquals(
                List.of("1", "Alpha, the first", "40", "Firm é", "MIT"),
                List.of(alpha.get(0), alpha.get(2), alpha.get(5), alpha.get(6), alpha.get(7)));
        assertTrue(alpha.get(4).matches("\\+\\d+/-\\d+"), alpha.get(4));
        assertEquals(List.of("80", "–", "Apache-2.0"), columns(lines.get(2)).subList(5, 8));
        assertEquals(List.of("40", "–", "–"), columns(lines.get(3)).subList(5, 8));
    }

    @Test
    void withoutStyleThereIsNoStyleRank() throws IOException {
        List<String> lines = print(line(votes.toString())).lines().toList();
        for (String row : lines.subList(1, 4)) {
            assertEquals("–", columns(row).get(1));
        }
        assertTrue(lines.stream().noneMatch(text -> text.startsWith("style:")));
    }

    @Test
    void whatIsPrintedIsWhatTheJsonSays() throws IOException {
        ArenaCommand.Line line = all();
        List<String> lines = print(line).lines().toList();
        JsonObject json = JsonParser.parseString(print(new ArenaCommand.Line(
                        line.votes(),
                        line.models(),
                        line.style(),
                        line.ties(),
                        line.intervals(),
                        line.resamples(),
                        line.seed(),
                        line.prior(),
                        line.beside(),
                        line.next(),
                        line.picture(),
                        true)))
                .getAsJsonObject();
        JsonArray rows = json.getAsJsonArray("models");
        for (int i = 0; i < rows.size(); i++) {
            JsonObject row = rows.get(i).getAsJsonObject();
            List<String> printed = columns(lines.get(1 + i));
            assertEquals(printed.get(0), row.get("rank").getAsString());
            assertEquals(printed.get(1), row.get("styleRank").getAsString());
            assertEquals(printed.get(2), row.get("model").getAsString());
            assertEquals(
                    printed.get(3), String.valueOf(Math.round(row.get("score").getAsDouble())));
            assertTrue(row.get("lower").getAsDouble() < row.get("score").getAsDouble());
            assertTrue(row.get("sandwichError").getAsDouble() > 0);
            assertTrue(row.get("Elo").getAsDouble() > 900);
        }
        assertTrue(rows.get(2).getAsJsonObject().get("organization").isJsonNull());
        assertEquals(3, json.getAsJsonArray("next").size());
        assertEquals(
                "length",
                json.getAsJsonArray("style")
                        .get(0)
                        .getAsJsonObject()
                        .get("feature")
                        .getAsString());
        assertNull(json.get("nu"));
    }

    @Test
    void thePictureShowsEachModelWithItsInterval() throws IOException {
        print(all());
        String svg = Files.readString(folder.resolve("arena.svg"));
        assertEquals(3, svg.split("<circle ", -1).length - 1);
        assertTrue(svg.contains(">Alpha, the first</text>"));
        assertTrue(svg.endsWith("</svg>\n"));
    }

    @Test
    void compressedVotesAndJsonLinesAreReadAlike() throws IOException {
        Path packed = folder.resolve("votes.csv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(Files.readAllBytes(votes));
        }
        List<String> json = new ArrayList<>();
        for (String row : Files.readAllLines(votes).subList(1, 81)) {
            String[] fields =
                    row.replace("\"Alpha, the first\"", "Alpha; the first").split(",");
            json.add("{\"model_a\": \"%s\", \"model_b\": \"%s\", \"winner\": \"%s\"}"
                    .formatted(
                            fields[0].replace(';', ','),
                            fields[1],
                            fields[2].replace("left", "model_a").replace("right", "model_b")));
        }
        Path lines = Files.write(folder.resolve("votes.jsonl"), json);
        String expected = print(line(votes.toString()));
        assertEquals(expected, print(line(packed.toString())));
        assertEquals(expected, print(line(lines.toString())));
    }

    private InputError refused(String name, String text) throws IOException {
        Path file = Files.write(folder.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
        return assertThrows(InputError.class, () -> print(line(file.toString())));
    }

    private void refusedAt(String place, String what, String name, String text) throws IOException {
        InputError error = refused(name, text);
        String expected = folder.resolve(name) + ", " + place + ": " + what;
        assertEquals(expected, error.getMessage());
        assertTrue(!error.next().isEmpty());
    }

    @Test
    void whatIsWrongInAFileIsToldWithLineAndColumn() throws IOException {
        String head = "left,right,winner\na,b,left\n";
        refusedAt(
                "line 3, column 5", "'winner' is 'maybe'; expected left, right or tie", "a.csv", head + "b,a,maybe\n");
        refusedAt("line 3, column 3", "'a' fights itself; expected two models", "b.csv", head + "a,a,tie\n");
        refusedAt("line 3, column 1", "'left' is empty; expected the name of a model", "c.csv", head + ",a,tie\n");
        refusedAt(
                "line 3, column 1",
                "the line has 2 fields; expected 3 as in the first: left, right, winner",
                "d.csv",
                head + "a,b\n");
        refusedAt("line 3, column 5", "the quote that opens here is not closed", "e.csv", head + "a,b,\"left\n");
        refusedAt(
                "line 3, column 4",
                "'x' follows a closing quote; expected a comma or the line's end",
                "f.csv",
                head + "\"a\"x,b,left\n");
        refusedAt("line 3, column 3", "the bytes there are no UTF-8: 0xE9", "g.csv", head + "a,\u00e9,left\n");
        refusedAt("line 1, column 6", "there are two columns 'left'; expected one", "h.csv", "left,left,winner\n");
        refusedAt(
                "line 3, column 1",
                "'left' has a control character; expected the name of a model",
                "i.csv",
                head + "a\u001b[2J,b,left\n");
        String row = "{\"left\": \"a\", \"right\": \"b\", \"winner\": \"left\"}\n";
        refusedAt(
                "line 2, column 9",
                "'left' is empty; expected the name of a model",
                "a.jsonl",
                row + row.replace("\"a\"", "\"\"").replace("left\": ", "left\":"));
        refusedAt(
                "line 2, column 1",
                "there is no 'winner'; expected left, right or tie",
                "b.jsonl",
                row + "{\"left\": \"a\", \"right\": \"b\"}\n");
        refusedAt(
                "line 2, column 27",
                "the line ends; expected a comma or }",
                "c.jsonl",
                row + "{\"left\": \"a\", \"right\": \"b\"\n");
        refusedAt(
                "line 1, column 10",
                "found 'a'; expected a text in quotes, a number, true, false, null, { or [",
                "d.jsonl",
                "{\"left\": a}\n");
        refusedAt("line 1, column 12", "there are two 'left'; expected one", "e.jsonl", "{\"left\": 1,\"left\": 2}\n");
        refusedAt("line 1, column 1", "found '['; expected an object, which begins with {", "f.jsonl", "[1]\n");
        refusedAt(
                "line 1, column 11",
                "found 'x'; expected an escape that JSON has",
                "g.jsonl",
                "{\"left\": \"\\x\"}\n".replace("\": ", "\":"));
    }

    @Test
    void columnsThatLackAreToldWithThoseThatAreThere() throws IOException {
        assertTrue(refused("a.csv", "left,right\na,b\n")
                .getMessage()
                .endsWith("has the columns left, right; expected left, right and winner, or model_a, model_b and"
                        + " winner"));
        assertTrue(refused("b.csv", "left,right,winner\n").getMessage().startsWith("there is no vote in "));
        assertTrue(refused("c.txt", "left").getMessage().contains("expected .csv or .jsonl"));
    }

    @Test
    void whoNeverLostIsToldWithWhatHelps() throws IOException {
        String text = "left,right,winner\na,b,left\na,b,left\nb,c,left\nc,b,left\n";
        InputError error = refused("sided.csv", text);
        assertTrue(error.getMessage().contains("'a' never lost a point to 'b', 'c'"), error.getMessage());
        assertTrue(error.next().contains("--prior 1"), error.next());
        ArenaCommand.Line held = new ArenaCommand.Line(
                folder.resolve("sided.csv").toString(),
                "",
                List.of(),
                Ties.HALF,
                Method.SANDWICH,
                50,
                1,
                1,
                false,
                0,
                "",
                false);
        assertEquals("a", columns(print(held).lines().toList().get(1)).get(2));
    }

    @Test
    void resamplesThatSayTooLittleAreRefused() throws IOException {
        InputError error = refused("few.csv", "left,right,winner\na,b,left\na,b,right\nb,c,left\nc,b,left\n");
        assertTrue(error.getMessage().contains("resamples"), error.getMessage());
        assertTrue(error.next().contains("--intervals sandwich"), error.next());
    }

    @Test
    void aModelThatTheFileHasTwiceInTwoWaysIsRefused() throws IOException {
        Path twice = Files.writeString(folder.resolve("twice.csv"), "name,license\na,MIT\na,GPL\n");
        ArenaCommand.Line line = new ArenaCommand.Line(
                votes.toString(),
                twice.toString(),
                List.of(),
                Ties.HALF,
                Method.SANDWICH,
                50,
                1,
                0,
                false,
                0,
                "",
                false);
        InputError error = assertThrows(InputError.class, () -> print(line));
        assertTrue(error.getMessage().contains("line 3, column 1: 'a' was there before"), error.getMessage());
    }
}
